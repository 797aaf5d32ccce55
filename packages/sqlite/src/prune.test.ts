import type { ClaimedRun, Store } from "@beckon/engine";
import { expect, test, vi } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";

const DAY_MS = 86_400_000;

/** Timers go off when the test says so, for as long as this is in use. */
function holdTimers(): Disposable & { readonly runOut: () => void } {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  return { runOut: () => void vi.runOnlyPendingTimers(), [Symbol.dispose]: () => void vi.useRealTimers() };
}

/** So many failed runs, each with so many events. */
async function failRuns(store: Store, count: number, eventCount: number): Promise<readonly ClaimedRun[]> {
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 0 });
  await store.createRuns(toRequest(...Array.from({ length: count }, () => newRun())));
  const claimed = await store.claimRuns({ workerId: "worker-1", limit: count, now: 0 });
  const nothing = { executedMs: 0, events: [], statuses: [], output: null, error: "e" } as const;
  const end = { ...nothing, kind: "end", status: "FAILURE", isStillRunning: false } as const;
  await store.settleRuns({ settlements: claimed.map(({ claim }) => ({ ...end, claim })), now: 0 });
  const insert = connectionOf(store).prepare(`INSERT INTO events (run_id, seq, at, type, message)
    WITH RECURSIVE counted (seq) AS (VALUES (10) UNION ALL SELECT seq + 1 FROM counted WHERE seq < ? + 9)
    SELECT runs.id, seq, 0, 'log', 'A message of no great length.' FROM runs, counted`);
  insert.run(eventCount);
  return claimed;
}

test("answers to requests are forgotten when their day is over, little by little, however many there are and however few runs go", async () => {
  using timers = holdTimers();
  const store = await openSqliteStore({ path: ":memory:" });
  const ids = Array.from({ length: 2_200 }, (_, index) => `request-${String(index).padStart(4, "0")}`);
  await Promise.all(ids.map((requestId) => store.createRuns({ ...toRequest(newRun()), requestId })));
  const kept = ["a", "request-0100", "request-2199-b", "z"];
  for (const requestId of kept) await store.createRuns({ ...toRequest(newRun()), requestId, now: DAY_MS });
  const left = connectionOf(store).prepare("SELECT request_id FROM requests ORDER BY request_id").pluck();
  const forgetAt = async (now: number): Promise<readonly number[]> => {
    await store.prune({ endedBefore: 0, giveUpBefore: 0, limit: 1, now });
    const counts = [left.all().length];
    for (let turn = 0; turn < 40; turn += 1) {
      timers.runOut();
      await store.createRuns(toRequest(newRun()));
      counts.push(left.all().length);
    }
    return [...new Set(counts)];
  };
  expect(await forgetAt(DAY_MS)).toEqual([1_955, 1_705, 1_455, 1_205, 955, 705, 455, 205, 4]);
  expect(left.all()).toEqual(kept);
  // Where little is over, all of them are not looked through again at once.
  expect(await forgetAt(2 * DAY_MS - 1)).toEqual([4]);
  expect(await forgetAt(2 * DAY_MS)).toEqual([4]);
  expect(await forgetAt(3 * DAY_MS)).toEqual([0]);
  await store.close();
});

test("a store that is closed while answers are being forgotten is done with them", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const ids = Array.from({ length: 2_200 }, (_, index) => `request-${index}`);
  await Promise.all(ids.map((requestId) => store.createRuns({ ...toRequest(newRun()), requestId })));
  const pruned = store.prune({ endedBefore: 0, giveUpBefore: 0, limit: 1, now: DAY_MS });
  await store.close();
  expect(await pruned).toBe(0);
});

test("who writes while much is pruned does not wait for all of it", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  // To delete them all takes many times as long as one transaction may.
  await failRuns(store, 200, 500);
  const done: string[] = [];
  const pruned = store
    .prune({ endedBefore: 1, giveUpBefore: 0, limit: 500, now: 1 })
    .then((count) => done.push(`pruned ${count}`));
  await store.createRuns(toRequest(newRun()));
  await store.createRuns(toRequest(newRun()));
  done.push("written");
  await pruned;
  expect(done).toEqual(["written", "pruned 200"]);
  await store.close();
});

test("a run that is opened again while others are pruned stays", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const last = (await failRuns(store, 20, 5)).at(-1)?.claim.runId ?? "";
  // What is asked for in one turn is done in one transaction: between the look at what is old and the first deletion.
  const pruned = store.prune({ endedBefore: 1, giveUpBefore: 0, limit: 500, now: 1 });
  expect(await store.retryRun({ runId: last, now: 2 })).toEqual({ kind: "reopened" });
  expect(await pruned).toBe(19);
  expect(await store.readRun(last)).toMatchObject({ status: "QUEUED" });
  expect(await store.readEvents({ runId: last, after: 9, limit: 1_000 })).toHaveLength(5);
  await store.close();
});
