import { existsSync } from "node:fs";
import { rename, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { startChild } from "./testing/child-process.ts";
import { newRun, toRequest } from "./testing/new-run.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

test("a backup of a live database holds all that was committed, and opens", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const before = newRun({ input: "x".repeat(5_000) });
  await store.createRuns(toRequest(before));
  const copyPath = join(database.folder, "copy.db");
  const copying = store.backup(copyPath);
  await Promise.all(Array.from({ length: 20 }, () => store.createRuns(toRequest(newRun()))));
  await copying;
  const copy = await openSqliteStore({ path: copyPath });
  expect(await copy.readRun(before.id)).toEqual(await store.readRun(before.id));
  await copy.close();
});

test("a database in memory can be copied to a file", async () => {
  await using database = await createTemporaryDatabase();
  const store = await openSqliteStore({ path: ":memory:" });
  const run = newRun();
  await store.createRuns(toRequest(run));
  await store.backup(database.path);
  await store.close();
  expect(await (await database.open()).readRun(run.id)).toMatchObject({ id: run.id });
});

test("a backup is of the open file, whichever folder the process has gone to since", async () => {
  await using database = await createTemporaryDatabase();
  const run = newRun();
  await using child = startChild(
    database.path,
    `
    process.chdir(${JSON.stringify(database.folder)});
    const store = await openSqliteStore({ path: "beckon.db" });
    await store.createRuns(${JSON.stringify(toRequest(run))});
    process.chdir("/");
    await store.backup(${JSON.stringify(join(database.folder, "copy.db"))});
    console.log("copied");`,
  );
  expect(await child.line()).toBe("copied");
  const copy = await openSqliteStore({ path: join(database.folder, "copy.db") });
  expect(await copy.readRun(run.id)).toMatchObject({ id: run.id });
  await copy.close();
});

test("a database whose file was moved away under its process is not backed up, and nothing is made in its place", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await rename(database.path, `${database.path}.moved`);
  const copyPath = join(database.folder, "copy.db");
  await expect(store.backup(copyPath)).rejects.toThrow(`There is no backup to ${copyPath}: the file of`);
  expect([database.path, copyPath].filter((path) => existsSync(path))).toEqual([]);
  await writeFile(database.path, "");
  await expect(store.backup(copyPath)).rejects.toThrow("is not at");
  await rename(`${database.path}.moved`, database.path);
  await store.backup(copyPath);
});

test("a backup onto a file that is there is refused, and leaves it as it was", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await expect(store.backup(database.path)).rejects.toThrow("already exists");
});

test("a backup to no file is refused, rather than written to nowhere", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  for (const path of ["", ":memory:"]) await expect(store.backup(path)).rejects.toThrow("name a file");
});

test("a backup that fails leaves nothing that looks like one", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const copyPath = join(database.folder, "copy.db");
  await store.createRuns(toRequest(newRun({ input: "x".repeat(5_000) })));
  // The copy reads what it has to write from pages that are not there any more.
  await store.close();
  await truncate(database.path, 20_000);
  await expect(store.backup(copyPath)).rejects.toThrow(`The backup to ${copyPath} failed: `);
  expect(existsSync(copyPath)).toBe(false);
});
