import type { ClaimedRun, Store } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";

function shareOf(concurrencyKey: string) {
  return { concurrencyKey, limit: { id: `job:mail:${concurrencyKey}`, max: 1 } };
}

async function claimOne(store: Store): Promise<ClaimedRun | undefined> {
  const [claimed] = await store.claimRuns({ workerId: "worker-1", limit: 1, now: 0 });
  return claimed;
}

async function fail(store: Store, { claim }: ClaimedRun): Promise<void> {
  const nothing = { executedMs: 0, events: [], statuses: [], output: null, error: "e" } as const;
  const settlement = { ...nothing, claim, kind: "end", status: "FAILURE", isStillRunning: true } as const;
  await store.settleRuns({ settlements: [settlement], now: 0 });
  await store.releaseRuns({ claims: [claim], now: 0 });
}

test("a key's share of a limit is forgotten with the last unfinished run that counts against it", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const countShares = connectionOf(store).prepare("SELECT count(*) FROM limits").pluck();
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 0 });
  await store.createRuns(toRequest(...["anna", "anna", "ben"].map((key) => newRun(shareOf(key)))));
  expect(countShares.get()).toBe(2);
  const left: unknown[] = [];
  for (let run = await claimOne(store); run !== undefined; run = await claimOne(store)) {
    await fail(store, run);
    left.push(countShares.get());
  }
  expect(left).toEqual([2, 1, 0]);
  await store.close();
});

test("a run that is retried has its share again, in the size that the limit has by then", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  const runs = [newRun(shareOf("anna")), newRun(shareOf("anna")), newRun(shareOf("anna"))];
  const openWorker = (max: number) =>
    store.openWorker({ workerId: "worker-1", jobs: [{ ...MAIL, limit: { id: "job:mail", max } }], now: 0 });
  await openWorker(1);
  await store.createRuns(toRequest(...runs));
  for (let run = await claimOne(store); run !== undefined; run = await claimOne(store)) await fail(store, run);
  await openWorker(2);
  for (const { id } of runs) expect(await store.retryRun({ runId: id, now: 0 })).toEqual({ kind: "reopened" });
  const holds = (await store.readRuns(runs.map(({ id }) => id))).map((run) => run?.hold);
  expect(holds).toEqual([null, null, "limit"]);
  await store.close();
});
