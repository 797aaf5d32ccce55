import { mkdir, readdir, rm, rmdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { StoreUnavailableError } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { startChild } from "./testing/child-process.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { createTemporaryDatabase, type TemporaryDatabase } from "./testing/temporary-database.ts";

const RECOVERY = { now: 0, poisonAfter: 5, poisonError: '{"json":"POISONED"}' };

/** Claims two runs and then never gives its event loop a turn again. */
const BLOCKED_WORKER = `
  const store = await openSqliteStore({ path: database });
  const job = { id: "mail", name: "Mail", version: "1.0.0", isEnabled: true, limit: null };
  await store.openWorker({ workerId: "blocked", jobs: [job], now: 0 });
  const claimed = await store.claimRuns({ workerId: "blocked", limit: 2, now: 0 });
  writeSync(1, "claimed " + claimed.length + "\\n");
  for (;;);`;

function lockFiles(database: TemporaryDatabase): Promise<readonly string[]> {
  return readdir(`${database.path}.workers`);
}

test("B44 a worker that blocks its event loop is alive; once its process is killed, its runs are taken over", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const runs = [newRun(), newRun(), newRun()];
  await store.createRuns(toRequest(...runs));
  await using child = startChild(database.path, BLOCKED_WORKER);
  expect(await child.line()).toBe("claimed 2");
  expect(await store.recoverRuns(RECOVERY)).toEqual({ requeued: 0, poisoned: 0 });

  await child.kill();
  expect(await store.recoverRuns(RECOVERY)).toEqual({ requeued: 2, poisoned: 0 });
  expect(await lockFiles(database)).toEqual([]);
  await store.openWorker({ workerId: "heir", jobs: [MAIL], now: 0 });
  const claimed = await store.claimRuns({ workerId: "heir", limit: 10, now: 0 });
  expect(claimed.map(({ run }) => [run.id, run.crashCount])).toEqual([
    [runs[0]?.id, 1],
    [runs[1]?.id, 1],
    [runs[2]?.id, 0],
  ]);
});

test("of several processes that find a dead worker, one takes its runs over", async () => {
  await using database = await createTemporaryDatabase();
  const stores = [await database.open(), await database.open()] as const;
  const dying = await database.open();
  await dying.openWorker({ workerId: "dying", jobs: [MAIL], now: 0 });
  await dying.createRuns(toRequest(newRun(), newRun()));
  await dying.claimRuns({ workerId: "dying", limit: 2, now: 0 });
  await dying.close();
  const counts = await Promise.all(stores.map((store) => store.recoverRuns(RECOVERY)));
  expect(counts.map(({ requeued }) => requeued).toSorted((one, other) => one - other)).toEqual([0, 2]);
});

test("a worker whose lock cannot be looked at is left alone, which is told, and the runs of others are taken over", async () => {
  await using database = await createTemporaryDatabase();
  const dying = await database.open();
  for (const workerId of ["a", "b", "c"]) {
    await dying.openWorker({ workerId, jobs: [MAIL], now: 0 });
    await dying.createRuns(toRequest(newRun()));
    await dying.claimRuns({ workerId, limit: 1, now: 0 });
  }
  await dying.close();
  // A folder cannot be opened, as no file can by a process that has too many open.
  const lockFile = join(`${database.path}.workers`, "b.lock");
  await rm(lockFile);
  await mkdir(lockFile);
  const store = await database.open();
  const recovery = store.recoverRuns(RECOVERY);
  await expect(recovery).rejects.toThrow("Whether worker b lives cannot be told: unable to open database file.");
  await expect(recovery).rejects.toBeInstanceOf(StoreUnavailableError);
  const statuses = (await store.listRuns({ limit: 3 })).map(({ status }) => status);
  expect(statuses).toEqual(["QUEUED", "EXECUTING", "QUEUED"]);
  await rmdir(lockFile);
  expect(await store.recoverRuns(RECOVERY)).toEqual({ requeued: 1, poisoned: 0 });
});

test("a worker that closes leaves no file behind", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await store.openWorker({ workerId: "worker/1", jobs: [MAIL], now: 0 });
  expect(await lockFiles(database)).toEqual(["worker%2F1.lock"]);
  await store.closeWorker({ workerId: "worker/1", now: 0 });
  expect(await lockFiles(database)).toEqual([]);
});

test("processes that name the file differently see each other's locks", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 0 });
  await store.createRuns(toRequest(newRun()));
  await store.claimRuns({ workerId: "worker-1", limit: 1, now: 0 });
  const alias = join(database.folder, "alias.db");
  await symlink(database.path, alias);
  const other = await openSqliteStore({ path: alias });
  expect(await other.recoverRuns(RECOVERY)).toEqual({ requeued: 0, poisoned: 0 });
  await expect(other.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 0 })).rejects.toThrow(
    "Worker worker-1 is open in another process",
  );
  await other.close();
});
