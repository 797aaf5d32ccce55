import type { ClaimedRun, Store, StoreChange } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";

async function openStore(...workerIds: readonly string[]): Promise<Store> {
  const store = await openSqliteStore({ path: ":memory:" });
  for (const workerId of workerIds) await store.openWorker({ workerId, jobs: [MAIL], now: 0 });
  return store;
}

/** Makes two runs and claims in the same turn, and so in the same commit; gives whether more was announced as ready. */
async function hearReady(store: Store, limit: number): Promise<boolean> {
  let changes: StoreChange[] = [];
  store.subscribe((change) => changes.push(change));
  // On a busy machine the turn may be over between the two, which are two commits then: once more.
  while (changes.length !== 1) {
    changes = [];
    await Promise.all([
      store.createRuns(toRequest(newRun(), newRun())),
      store.claimRuns({ workerId: "worker-1", limit, now: 0 }),
    ]);
  }
  await store.close();
  return changes.some(({ hasReady }) => hasReady);
}

test("what is made and claimed in one commit is not announced as ready", async () => {
  expect(await hearReady(await openStore("worker-1"), 10)).toBe(false);
});

test("what a claim may have left is announced as ready", async () => {
  expect(await hearReady(await openStore("worker-1"), 2)).toBe(true);
});

test("what one worker claimed is announced as ready to the others of the process", async () => {
  expect(await hearReady(await openStore("worker-1", "worker-2"), 10)).toBe(true);
});

const LIMIT = { id: "job:mail", max: 1 };

/** One run that executes, and two that wait for its place. */
async function openLimited(): Promise<{ readonly store: Store; readonly running: ClaimedRun }> {
  const store = await openStore("worker-1");
  await store.createRuns(toRequest(...[0, 1, 2].map(() => newRun({ limit: LIMIT }))));
  const [running] = await store.claimRuns({ workerId: "worker-1", limit: 5, now: 0 });
  if (running === undefined) throw new Error("A run was to be claimed.");
  return { store, running };
}

function end(store: Store, { claim }: ClaimedRun) {
  const nothing = {
    executedMs: 0,
    events: [],
    statuses: [],
    output: null,
    error: null,
    isStillRunning: false,
  } as const;
  return store.settleRuns({ settlements: [{ ...nothing, claim, kind: "end", status: "SUCCESS" }], now: 0 });
}

test("who has a freed place and is claimed in the same commit was never ready", async () => {
  const { store, running } = await openLimited();
  const changes: StoreChange[] = [];
  store.subscribe((change) => changes.push(change));
  const [, claimed] = await Promise.all([
    end(store, running),
    store.claimRuns({ workerId: "worker-1", limit: 1, now: 0 }),
  ]);
  expect(claimed).toHaveLength(1);
  expect(changes.map(({ hasReady }) => hasReady)).toEqual([false]);
  await end(store, claimed[0] as ClaimedRun);
  expect(changes.at(-1)?.hasReady).toBe(true);
  await store.close();
});

test("a place that fell free in a transaction that was rolled back is given on once", async () => {
  const { store, running } = await openLimited();
  const db = connectionOf(store);
  db.pragma(`max_page_count = ${Number(db.pragma("page_count", { simple: true })) + 2}`);
  const ended = end(store, running);
  const refused = store.createRuns(toRequest(newRun({ input: "x".repeat(100_000) })));
  await expect(refused).rejects.toThrow("is full");
  expect(await ended).toEqual(["settled"]);
  expect(db.prepare("SELECT taken FROM limits").pluck().get()).toBe(1);
  expect(db.prepare("SELECT count(*) FROM runs WHERE holds_place = 1").pluck().get()).toBe(1);
  await store.close();
});
