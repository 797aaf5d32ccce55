import type { ClaimedRun, StepWrites, Store } from "@beckon/engine";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { MIGRATIONS } from "./migrations.ts";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { abandonWorker, connectionOf } from "./testing/store-doors.ts";
import { endedTask, toWrites } from "./testing/task-records.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

async function openStore(): Promise<Store & AsyncDisposable> {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

async function start(store: Store): Promise<ClaimedRun> {
  await store.createRuns(toRequest(newRun()));
  const [run] = await store.claimRuns({ workerId: "mailer", limit: 1, now: 0 });
  if (run === undefined) throw new Error("The run was to be claimed.");
  return run;
}

/** The write of a step that began and ended in it. */
function endOf({ claim }: ClaimedRun, id: string, output?: string): StepWrites {
  return toWrites(claim, endedTask(id, output));
}

function record(store: Store, ...writes: readonly StepWrites[]) {
  return store.recordSteps({ writes, now: 2 });
}

/** What lies in the file of the run's events: rows of their own, and the number in its row. */
function storedEvents(store: Store): { readonly rows: unknown; readonly counted: unknown } {
  const db = connectionOf(store);
  return {
    rows: db.prepare("SELECT count(*) FROM events").pluck().get(),
    counted: db.prepare("SELECT event_count FROM runs").pluck().get(),
  };
}

async function toldBy(store: Store, { run }: ClaimedRun): Promise<readonly unknown[]> {
  const events = await store.readEvents({ runId: run.id, after: 2, limit: 1_000 });
  return events.map((event) => [event.seq, event.type === "task" ? event.taskId : event.type]);
}

test("the end of a step writes one row: no event beside it, and not its run's", async () => {
  await using store = await openStore();
  const run = await start(store);
  await record(store, endOf(run, "a"), endOf(run, "b"));
  expect(storedEvents(store)).toEqual({ rows: 0, counted: 2 });
  expect(await toldBy(store, run)).toEqual([
    [3, "a"],
    [4, "b"],
  ]);
  expect(await store.readRun(run.run.id)).toMatchObject({ eventCount: 4 });
});

test("so it does again after an event that has to be stored", async () => {
  await using store = await openStore();
  const run = await start(store);
  const log = { type: "log", at: 2, taskId: null, level: "info", message: "m", data: null, scope: "run" } as const;
  const first = endOf(run, "a");
  await record(store, { ...first, events: [log, ...first.events] });
  await record(store, endOf(run, "b"));
  expect(storedEvents(store)).toEqual({ rows: 1, counted: 4 });
  expect(await toldBy(store, run)).toEqual([
    [3, "log"],
    [4, "a"],
    [5, "b"],
  ]);
});

test("the event of a step with a large output is stored, since finding out what its row tells would read it", async () => {
  await using store = await openStore();
  const run = await start(store);
  await record(store, endOf(run, "a", "x".repeat(513)));
  expect(storedEvents(store)).toEqual({ rows: 1, counted: 3 });
});

test("a long run's later events are stored, so that who reads on there need not look at its steps", async () => {
  await using store = await openStore();
  const run = await start(store);
  for (let step = 0; step < 300; step += 1) await record(store, endOf(run, `s${step}`));
  expect(storedEvents(store)).toEqual({ rows: 302 - 256, counted: 302 });
  expect((await toldBy(store, run)).slice(253, 256)).toEqual([
    [256, "s253"],
    [257, "s254"],
    [258, "s255"],
  ]);
});

test("a step whose transaction was rolled back leaves no gap", async () => {
  await using store = await openStore();
  const run = await start(store);
  await record(store, endOf(run, "a"));
  const db = connectionOf(store);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 1}`);
  await expect(record(store, endOf(run, "b"), endOf(run, "large", "x".repeat(100_000)))).rejects.toThrow("is full");
  db.pragma("max_page_count = 1000000");
  await record(store, endOf(run, "b"));
  const end = { kind: "end", status: "SUCCESS", output: null, error: null, isStillRunning: false } as const;
  await store.settleRuns({
    settlements: [{ claim: run.claim, executedMs: 0, events: [], statuses: [], ...end }],
    now: 3,
  });
  expect(await toldBy(store, run)).toEqual([
    [3, "a"],
    [4, "b"],
    [5, "status"],
  ]);
});

/** A run under which two processes died. */
async function startCrashed(store: Store): Promise<ClaimedRun> {
  await store.createRuns(toRequest(newRun()));
  for (const workerId of ["first", "second"]) {
    await store.openWorker({ workerId, jobs: [MAIL], now: 0 });
    await store.claimRuns({ workerId, limit: 1, now: 0 });
    abandonWorker(store, workerId);
    await store.recoverRuns({ now: 0, poisonAfter: 5, poisonError: "{}" });
  }
  const [run] = await store.claimRuns({ workerId: "mailer", limit: 1, suspect: true, now: 0 });
  if (run === undefined) throw new Error("The run was to be claimed.");
  return run;
}

test("of a run under which processes died the first end of a step looks at the run, and no other", async () => {
  await using store = await openStore();
  const run = await startCrashed(store);
  for (const id of ["a", "b", "c"]) await record(store, endOf(run, id));
  expect(connectionOf(store).prepare("SELECT task_id FROM events WHERE type = 'task'").pluck().all()).toEqual(["a"]);
  expect(await store.readRun(run.run.id)).toMatchObject({ crashCount: 1 });
});

test("so does the next where its transaction was rolled back", async () => {
  await using store = await openStore();
  const run = await startCrashed(store);
  const db = connectionOf(store);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 1}`);
  await expect(record(store, endOf(run, "a"), endOf(run, "large", "x".repeat(100_000)))).rejects.toThrow("is full");
  db.pragma("max_page_count = 1000000");
  expect(await store.readRun(run.run.id)).toMatchObject({ crashCount: 2 });
  await record(store, endOf(run, "a"));
  expect(await store.readRun(run.run.id)).toMatchObject({ crashCount: 1 });
});

test("for a claim that was made from its fields alone events are stored, of which the other's holder comes to know", async () => {
  await using store = await openStore();
  const run = await start(store);
  await record(store, endOf(run, "a"));
  const { runId, lease } = run.claim;
  await record(store, endOf({ ...run, claim: { runId, lease } }, "b"));
  expect(storedEvents(store)).toEqual({ rows: 1, counted: 4 });
  await record(store, endOf(run, "c"));
  expect((await toldBy(store, run)).map(String)).toEqual(["3,a", "4,b", "5,c"]);
});

test("a database from before steps told of their ends keeps its steps and its events", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  const run = await start(store);
  await database.closeStores();
  const file = new Database(database.path);
  file.exec("DROP TABLE tasks");
  file.exec(/CREATE TABLE tasks [^;]*;\n[^;]*;/.exec(MIGRATIONS[0] ?? "")?.[0] ?? "");
  file.exec(`INSERT INTO tasks (run_id, id, kind, name, ordinal, status, attempt, started_at, completed_at)
    VALUES ('${run.run.id}', 'a', 'task', 'a', 1, 'SUCCESS', 1, 1, 2), ('${run.run.id}', 'a/b', 'value', 'b', 2, 'SUCCESS', 1, 1, 2)`);
  file.exec(
    `INSERT INTO events (run_id, seq, at, type, task_id, data) VALUES ('${run.run.id}', 3, 2, 'task', 'a', '{}')`,
  );
  file.exec("UPDATE runs SET event_count = 3");
  // And from before newborn runs were left out of the index of live ones.
  file.exec(`DROP INDEX runs_live; ALTER TABLE runs DROP COLUMN is_newborn; CREATE INDEX runs_live ON runs (status);
    DROP INDEX workers_with_newborns; ALTER TABLE workers DROP COLUMN newborns_from;
    ALTER TABLE jobs DROP COLUMN limit_id; ALTER TABLE worker_jobs DROP COLUMN limit_id;
    ALTER TABLE worker_jobs DROP COLUMN limit_max;
    DROP INDEX deliveries_due; DROP INDEX deliveries_of_receiver; ALTER TABLE deliveries DROP COLUMN receiver;
    CREATE INDEX deliveries_due ON deliveries (due_at);
    CREATE INDEX requests_expiring ON requests (expires_at)`);
  file.pragma("user_version = 3");
  file.close();
  const opened = await database.open();
  expect(await opened.readTasks(run.run.id)).toMatchObject([
    { id: "a", name: "a", kind: "task" },
    { id: "a/b", name: "b", kind: "value" },
  ]);
  await record(opened, endOf(run, "b"));
  expect(await toldBy(opened, run)).toEqual([
    [3, "a"],
    [4, "b"],
  ]);
});
