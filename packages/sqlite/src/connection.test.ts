import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openConnection } from "./connection.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

const UNWRITABLE = "cannot be opened: the file or its folder cannot be written by this process";

test("folders that are not there are made", async () => {
  await using database = await createTemporaryDatabase();
  const path = join(dirname(database.path), "a/b/c/beckon.db");
  const db = await openConnection(path, "normal");
  expect(existsSync(path)).toBe(true);
  db.close();
});

test("a folder that cannot be made is refused in a sentence that names the file", async () => {
  await using database = await createTemporaryDatabase();
  const file = join(dirname(database.path), "file");
  await writeFile(file, "");
  // A file where a folder has to be, and file systems that take no folders from anybody.
  for (const folder of [file, "/proc/none", "/sys/none"]) {
    const path = join(folder, "a/beckon.db");
    await expect(openConnection(path, "full")).rejects.toThrow(`The database ${path} ${UNWRITABLE}`);
  }
});

test("a name that is empty, or would be read as another, is refused", async () => {
  for (const path of ["", "  ", "beckon.db ", "\nbeckon.db", " :memory:"]) {
    const sentence = `The database ${JSON.stringify(path)} cannot be opened: name a file`;
    await expect(openConnection(path, "full")).rejects.toThrow(sentence);
  }
});
