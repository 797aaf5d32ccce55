import type { ClaimedRun, NewRun, Settlement, Store } from "@beckon/engine";
import { waitUntil } from "@beckon/engine/conformance";
import { expect, test, vi } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { abandonWorkers, connectionOf } from "./testing/store-doors.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

/** Timers go off when the test says so, for as long as this is in use. */
function holdTimers(): Disposable & { readonly passOneSecond: () => void } {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return {
    passOneSecond: () => void vi.advanceTimersByTime(1_000),
    [Symbol.dispose]: () => void vi.useRealTimers(),
  };
}

async function openStore(): Promise<Store & AsyncDisposable> {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

/** Makes a run that a slot is free for. */
async function bear(store: Store, fields: Partial<NewRun> = {}): Promise<ClaimedRun> {
  const claim = { workerId: "mailer", limit: 1 };
  const outcome = await store.createRuns({ ...toRequest(newRun(fields)), claim });
  const [run] = outcome.kind === "created" ? outcome.claimed : [];
  if (run === undefined) throw new Error("The run was to be born executing.");
  return run;
}

async function listExecuting(store: Store): Promise<readonly string[]> {
  return (await store.listRuns({ statuses: ["EXECUTING"], limit: 10 })).map(({ id }) => id);
}

/** How many entries the index of live runs has, and from which number on newborn ones are looked for. */
function readMarks(store: Store): { readonly entries: unknown; readonly from: unknown } {
  const db = connectionOf(store);
  const isListed = "completed_at IS NULL AND (status <> 'QUEUED' OR hold IS NOT NULL) AND is_newborn IS NULL";
  return {
    entries: db.prepare(`SELECT count(*) FROM runs INDEXED BY runs_live WHERE ${isListed}`).pluck().get(),
    from: db.prepare("SELECT newborns_from FROM workers").pluck().get(),
  };
}

test("a run that is born executing is in no index of live runs, and found all the same", async () => {
  await using store = await openStore();
  await store.createRuns(toRequest(newRun(), newRun()));
  await store.claimRuns({ workerId: "mailer", limit: 2, now: 0 });
  const run = await bear(store, { limit: { id: "job:mail", max: 2 } });
  expect(readMarks(store)).toEqual({ entries: 2, from: 3 });
  expect((await listExecuting(store))[0]).toBe(run.run.id);
  expect(await listExecuting(store)).toHaveLength(3);
  expect(await store.listJobFacts()).toMatchObject([{ id: "mail", live: { EXECUTING: 3 } }]);
  expect(await store.readQueueFacts(run.run.id)).toMatchObject({ limit: { taken: 1, heldBy: [run.run.id] } });
});

test("one that goes on executing is listed after a second, and only the next ones are looked for among the newest", async () => {
  using timers = holdTimers();
  await using store = await openStore();
  const [first, second] = [await bear(store), await bear(store)];
  await end(store, second, SUCCESS);
  expect(readMarks(store)).toEqual({ entries: 0, from: 1 });
  timers.passOneSecond();
  await bear(store);
  expect(readMarks(store)).toEqual({ entries: 1, from: 3 });
  expect(await listExecuting(store)).toContain(first.run.id);
  timers.passOneSecond();
  await store.setJobPaused({ jobId: "mail", isPaused: false, now: 0 });
  expect(readMarks(store)).toEqual({ entries: 2, from: null });
  expect(await listExecuting(store)).toHaveLength(2);
});

const SUCCESS = { kind: "end", status: "SUCCESS", output: null, error: null, isStillRunning: false } as const;
type Leave = Settlement extends infer S
  ? S extends Settlement
    ? Omit<S, "claim" | "executedMs" | "events" | "statuses">
    : never
  : never;

async function end(store: Store, { claim }: ClaimedRun, leave: Leave): Promise<void> {
  await store.settleRuns({ settlements: [{ ...leave, claim, executedMs: 0, events: [], statuses: [] }], now: 1 });
}

const WAITS = waitUntil("pause", 9);

test.for([
  ["WAITING", { kind: "park", taskIds: ["pause"] }],
  ["DELAYED", { kind: "back-off", wakeAt: 9, error: '{"json":{}}' }],
  ["QUEUED", { kind: "give-back" }],
] as const)("one that leaves its execution is listed as %s", async ([status, leave]) => {
  await using store = await openStore();
  const born = await bear(store);
  const nothing = { payload: null, events: [], statuses: [], signals: [] };
  await store.recordSteps({ writes: [{ ...nothing, claim: born.claim, tasks: [WAITS] }], now: 0 });
  await end(store, born, leave);
  const { run } = born;
  expect((await store.listRuns({ statuses: [status], limit: 9 })).map(({ id }) => id)).toEqual([run.id]);
  expect(await store.listJobFacts()).toMatchObject([{ live: { EXECUTING: 0, [status]: 1 } }]);
});

test("one with a lower number than those before it, which were pruned, is found", async () => {
  await using store = await openStore();
  await store.createRuns(toRequest(newRun(), newRun()));
  await store.claimRuns({ workerId: "mailer", limit: 2, now: 0 });
  await bear(store);
  connectionOf(store).exec("DELETE FROM runs");
  const { run } = await bear(store);
  expect(await listExecuting(store)).toEqual([run.id]);
});

test("one is found whose mark was rolled back with the transaction that bore it first", async () => {
  await using store = await openStore();
  const db = connectionOf(store);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 1}`);
  // One transaction, which the second fails: then each is tried alone.
  const large = { input: JSON.stringify({ json: "x".repeat(100_000) }) };
  const [born, refused] = await Promise.allSettled([bear(store), bear(store, large)]);
  expect(refused).toMatchObject({ status: "rejected", reason: { message: expect.stringContaining("is full") } });
  expect(await listExecuting(store)).toEqual([born.status === "fulfilled" ? born.value.run.id : ""]);
});

test("another process sees them, and takes them over when theirs has died", async () => {
  await using database = await createTemporaryDatabase();
  const [store, other] = [await database.open(), await database.open()];
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  const { run } = await bear(store);
  expect(await listExecuting(other)).toEqual([run.id]);
  abandonWorkers(store);
  expect(await other.recoverRuns({ now: 1, poisonAfter: 5, poisonError: "{}" })).toEqual({ requeued: 1, poisoned: 0 });
  expect(await other.readRun(run.id)).toMatchObject({ status: "QUEUED", crashCount: 1 });
  expect(await listExecuting(other)).toEqual([]);
});
