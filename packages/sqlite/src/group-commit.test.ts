import { StoreClosedError, StoreUnavailableError } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { startChild } from "./testing/child-process.ts";
import { newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

test("a write that fails takes nothing with it of those that share its transaction", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const [one, other] = [newRun(), newRun()];
  const outcomes = await Promise.allSettled([
    store.createRuns(toRequest(one)),
    store.createRuns(toRequest(newRun(), { ...other, id: one.id })),
    store.createRuns(toRequest(other)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  const runs = await store.listRuns({ limit: 10 });
  expect(runs.map(({ id }) => id)).toEqual([other.id, one.id]);
});

test("a store that cannot be written any more is closed all the same, with its workers", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await store.openWorker({ workerId: "worker-1", jobs: [], now: 0 });
  connectionOf(store).pragma("query_only = 1");
  const written = store.createRuns(toRequest(newRun()));
  await Promise.all([expect(written).rejects.toThrow(StoreUnavailableError), store.close()]);
  expect(connectionOf(store).open).toBe(false);
  const other = await database.open();
  await other.openWorker({ workerId: "worker-1", jobs: [], now: 0 });
});

test("who writes to a store that is closed is told so", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await store.close();
  const written = store.createRuns(toRequest(newRun()));
  await expect(written).rejects.toThrow(StoreClosedError);
  await expect(written).rejects.toThrow(/^Nothing was written to .*: it is closed\.$/);
});

test("writes of one turn share transactions", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  let commits = 0;
  store.subscribe(() => (commits += 1));
  await Promise.all(Array.from({ length: 50 }, () => store.createRuns(toRequest(newRun()))));
  // One, unless it took long enough to let the event loop go on.
  expect(commits).toBeLessThan(10);
});

test("what the next turn brings joins many writes, and a lone one waits for nobody", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const commits: number[] = [];
  store.subscribe(({ runs }) => commits.push(runs?.length ?? 0));
  const createMany = (count: number) =>
    Promise.all(Array.from({ length: count }, () => store.createRuns(toRequest(newRun()))));
  for (const count of [20, 1]) {
    const next = Promise.withResolvers<unknown>();
    const first = createMany(count);
    setImmediate(() => next.resolve(createMany(count)));
    await Promise.all([first, next.promise]);
  }
  expect(commits).toEqual([40, 1, 1]);
});

test("large texts are not written by one call, however many come in one turn", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const commits: number[] = [];
  store.subscribe(({ runs }) => commits.push(runs?.length ?? 0));
  const input = "x".repeat(2 ** 20);
  await Promise.all(Array.from({ length: 60 }, () => store.createRuns(toRequest(newRun({ input })))));
  // Sixty megabytes take many times as long as a turn may.
  expect(commits.length).toBeGreaterThan(2);
});

test("durability decides whether a commit waits for the disk", async () => {
  await using database = await createTemporaryDatabase();
  for (const [durability, level] of [
    ["full", 2],
    ["normal", 1],
  ] as const) {
    const store = await database.open({ durability });
    expect(connectionOf(store).pragma("synchronous", { simple: true })).toBe(level);
    expect(connectionOf(store).pragma("journal_mode", { simple: true })).toBe("wal");
  }
});

test("B10 a commit waits for the disk where nobody said otherwise", async () => {
  await using database = await createTemporaryDatabase();
  const store = await openSqliteStore({ path: database.path });
  expect(connectionOf(store).pragma("synchronous", { simple: true })).toBe(2);
  await store.close();
});

test("B38 a full disk rejects what was to be written, and work goes on when there is room again", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const db = connectionOf(store);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 2}`);
  const large = newRun({ input: "x".repeat(100_000) });
  const writing = store.createRuns(toRequest(large));
  await expect(writing).rejects.toBeInstanceOf(StoreUnavailableError);
  await expect(writing).rejects.toThrow(`Nothing was written to the database ${database.path}`);
  expect(await store.readRun(large.id)).toBeNull();
  db.pragma("max_page_count = 1000000");
  expect(await store.createRuns(toRequest(large))).toMatchObject({ kind: "created" });
});

test("a lock that another process holds delays writes and nothing else, and is never seen", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await using holder = startChild(
    database.path,
    `
    const db = new Database(database);
    db.exec("BEGIN IMMEDIATE");
    console.log("locked");
    await inputEnds;
    db.exec("COMMIT");
    console.log("free");
    await new Promise(() => setInterval(() => undefined, 1000));`,
  );
  expect(await holder.line()).toBe("locked");
  const run = newRun();
  let isWritten = false;
  const writing = store.createRuns(toRequest(run)).then(() => (isWritten = true));
  // Many turns of the event loop, and reads, while the write tries.
  for (let turn = 0; turn < 200; turn += 1) expect(await store.readRun(run.id)).toBeNull();
  expect(isWritten).toBe(false);
  holder.endInput();
  expect(await holder.line()).toBe("free");
  await writing;
  expect(await store.readRun(run.id)).toMatchObject({ id: run.id });
});

test("closing waits for what was asked before", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const run = newRun();
  const writing = store.createRuns(toRequest(run));
  await store.close();
  await writing;
  const again = await openSqliteStore({ path: database.path });
  expect(await again.readRun(run.id)).toMatchObject({ id: run.id });
  await again.close();
});
