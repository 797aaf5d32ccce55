import type { Store } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { abandonWorker, connectionOf } from "./testing/store-doors.ts";

const OLD = { id: "job:mail", max: 2 };
const NEW = { id: "shared:db", max: 2 };

function openWorker(store: Store, workerId: string, limit: typeof OLD | null): Promise<void> {
  return store.openWorker({ workerId, jobs: [{ ...MAIL, limit }], now: 0 });
}

function limitsOf(store: Store): readonly unknown[] {
  return connectionOf(store).prepare("SELECT limit_id FROM runs ORDER BY number").pluck().all();
}

test.for([OLD, null])("a change of limits that was cut short is undone by the old version: %j", async (before) => {
  const store = await openSqliteStore({ path: ":memory:" });
  const db = connectionOf(store);
  await openWorker(store, "worker-1", before);
  await store.createRuns(toRequest(...[1, 2, 3, 4].map(() => newRun({ limit: before }))));
  expect(await store.claimRuns({ workerId: "worker-1", limit: 2, now: 0 })).toHaveLength(2);
  db.exec(`CREATE TRIGGER dies BEFORE UPDATE OF limit_id ON jobs WHEN NEW.limit_id = '${NEW.id}'
    BEGIN SELECT raise(ABORT, 'it dies'); END`);
  await expect(openWorker(store, "worker-2", NEW)).rejects.toThrow("it dies");
  db.exec("DROP TRIGGER dies");
  expect(limitsOf(store)).toEqual([NEW.id, NEW.id, NEW.id, NEW.id]);
  await openWorker(store, "worker-3", before);
  expect(limitsOf(store)).toEqual([1, 2, 3, 4].map(() => before?.id ?? null));
  const more = await store.claimRuns({ workerId: "worker-3", limit: 9, now: 0 });
  expect(more).toHaveLength(before === null ? 2 : 0);
  await store.close();
});

test("a limit that a deploy takes away together with an upgrade of Beckon holds nobody back", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await openWorker(store, "worker-1", OLD);
  await store.createRuns(toRequest(...[1, 2, 3].map(() => newRun({ limit: OLD }))));
  // As the migration leaves it.
  connectionOf(store).exec("UPDATE jobs SET limit_id = ''");
  await openWorker(store, "worker-2", null);
  expect(await store.claimRuns({ workerId: "worker-2", limit: 9, now: 0 })).toHaveLength(3);
  await store.close();
});

const RECOVERY = { now: 0, poisonAfter: 5, poisonError: "e" };

/** Two runs that a worker has made by a limit that another has exchanged since. */
async function makeByOldLimit(store: Store): Promise<void> {
  await openWorker(store, "worker-1", OLD);
  await openWorker(store, "worker-2", NEW);
  await store.createRuns(toRequest(newRun({ limit: OLD }), newRun({ limit: OLD })));
}

/** Whoever moves a run to another limit dies of it, while this is in use. */
function moversDie(store: Store): Disposable {
  const db = connectionOf(store);
  db.exec("CREATE TRIGGER dies BEFORE UPDATE OF limit_id ON runs BEGIN SELECT raise(ABORT, 'it dies'); END");
  return { [Symbol.dispose]: () => void db.exec("DROP TRIGGER dies") };
}

test("where the process dies that moves what a killed worker made, the next one does it", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await makeByOldLimit(store);
  abandonWorker(store, "worker-1");
  {
    using _ = moversDie(store);
    await expect(store.recoverRuns(RECOVERY)).rejects.toThrow("it dies");
  }
  expect(limitsOf(store)).toEqual([OLD.id, OLD.id]);
  await store.recoverRuns(RECOVERY);
  expect(limitsOf(store)).toEqual([NEW.id, NEW.id]);
  expect(connectionOf(store).prepare("SELECT id FROM workers").pluck().all()).toEqual(["worker-2"]);
  await store.close();
});

test("where a worker that leaves dies while it moves what it made, whoever recovers it does it", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await makeByOldLimit(store);
  {
    using _ = moversDie(store);
    await expect(store.closeWorker({ workerId: "worker-1", now: 0 })).rejects.toThrow("it dies");
  }
  abandonWorker(store, "worker-1");
  await store.recoverRuns(RECOVERY);
  expect(limitsOf(store)).toEqual([NEW.id, NEW.id]);
  await store.close();
});

test("of a killed worker that an older Beckon opened no limit is known, and nothing is moved", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await makeByOldLimit(store);
  const db = connectionOf(store);
  db.exec("DELETE FROM worker_jobs WHERE worker_id = 'worker-1'");
  db.exec("INSERT INTO worker_jobs (worker_id, job_id) VALUES ('worker-1', 'mail')");
  abandonWorker(store, "worker-1");
  await store.recoverRuns(RECOVERY);
  expect(limitsOf(store)).toEqual([OLD.id, OLD.id]);
  await store.close();
});

test("what a killed worker was executing is given back under the limit that its job has by then", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await openWorker(store, "worker-1", null);
  await openWorker(store, "worker-2", { ...NEW, max: 1 });
  // It goes on by its own definition.
  await store.createRuns(toRequest(newRun(), newRun(), newRun()));
  expect(await store.claimRuns({ workerId: "worker-1", limit: 3, now: 0 })).toHaveLength(3);
  abandonWorker(store, "worker-1");
  const over = new AbortController();
  const recovering = store.recoverRuns(RECOVERY).finally(() => over.abort());
  const claimed = [];
  while (!over.signal.aborted) claimed.push(...(await store.claimRuns({ workerId: "worker-2", limit: 9, now: 0 })));
  await recovering;
  expect(claimed).toHaveLength(1);
  await store.close();
});

test("a killed worker is not forgotten while the runs of a job of its are being moved", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await makeByOldLimit(store);
  const db = connectionOf(store);
  db.exec("UPDATE jobs SET limit_id = ''");
  abandonWorker(store, "worker-1");
  await store.recoverRuns(RECOVERY);
  expect(limitsOf(store)).toEqual([OLD.id, OLD.id]);
  db.exec(`UPDATE jobs SET limit_id = '${NEW.id}'`);
  await store.recoverRuns(RECOVERY);
  expect(limitsOf(store)).toEqual([NEW.id, NEW.id]);
  expect(db.prepare("SELECT id FROM workers").pluck().all()).toEqual(["worker-2"]);
  await store.close();
});
