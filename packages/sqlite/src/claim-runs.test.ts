import type { Store, StoreChange } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";

async function openStore(...workerIds: readonly string[]): Promise<Store> {
  const store = await openSqliteStore({ path: ":memory:" });
  for (const workerId of workerIds) await store.openWorker({ workerId, jobs: [MAIL], now: 0 });
  return store;
}

/** Makes two runs and claims in the same turn, and so in the same commit; gives whether more was announced as ready. */
async function hearReady(store: Store, limit: number): Promise<boolean> {
  const changes: StoreChange[] = [];
  store.subscribe((change) => changes.push(change));
  await Promise.all([
    store.createRuns(toRequest(newRun(), newRun())),
    store.claimRuns({ workerId: "worker-1", limit, now: 0 }),
  ]);
  await store.close();
  expect(changes).toHaveLength(1);
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
