import type { Store } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";
import { connectionOf } from "./testing/store-doors.ts";

const COUNT = 1_200;

async function openWithRuns(): Promise<Store> {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL], now: 0 });
  // Of three priorities, so that a chunk ends in the midst of each.
  await store.createRuns(toRequest(...Array.from({ length: COUNT }, (_, index) => newRun({ priority: index % 3 }))));
  return store;
}

async function countHeld(store: Store): Promise<number> {
  const runs = await store.listRuns({ statuses: ["QUEUED"], limit: COUNT });
  return runs.filter(({ hold }) => hold === "paused").length;
}

test("B41 pausing and resuming reach every run of a long queue", async () => {
  const store = await openWithRuns();
  await store.setJobPaused({ jobId: "mail", isPaused: true, now: 0 });
  expect(await countHeld(store)).toBe(COUNT);
  await store.setJobPaused({ jobId: "mail", isPaused: false, now: 0 });
  expect(await countHeld(store)).toBe(0);
  expect(await store.claimRuns({ workerId: "worker-1", limit: COUNT, now: 0 })).toHaveLength(COUNT);
  await store.close();
});

test("a pause that a crash cut short holds all of its runs at once, and goes on with the time", async () => {
  const store = await openWithRuns();
  // What is on disk after the first commit of a pause.
  connectionOf(store).exec("UPDATE jobs SET is_paused = 1, swept_to = '' WHERE id = 'mail'");
  expect(await store.claimRuns({ workerId: "worker-1", limit: 1, now: 0 })).toEqual([]);
  const held: (readonly [count: number, nextAt: number | null])[] = [];
  for (const now of [1, 2, 3]) {
    const { nextAt } = await store.advanceTime({ now, limit: 10 });
    held.push([await countHeld(store), nextAt]);
  }
  // There is more to be done at once, until there is nothing.
  expect(held).toEqual([
    [500, 1],
    [1_000, 2],
    [COUNT, null],
  ]);
  await store.close();
});

test("resuming a job whose pause was cut short announces the runs that it never came to", async () => {
  const store = await openWithRuns();
  connectionOf(store).exec("UPDATE jobs SET is_paused = 1, swept_to = '' WHERE id = 'mail'");
  const ready: boolean[] = [];
  store.subscribe(({ hasReady }) => ready.push(hasReady));
  await store.setJobPaused({ jobId: "mail", isPaused: false, now: 0 });
  expect(ready).toContain(true);
  await store.close();
});

test("a run that gives up its place in a shared limit while its job is being paused stays out of line", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "worker-1", jobs: [MAIL, { ...MAIL, id: "report" }], now: 0 });
  const limit = { id: "shared", max: 1 };
  const mail = newRun({ limit });
  await store.createRuns(toRequest(mail));
  connectionOf(store).exec("UPDATE jobs SET is_paused = 1, swept_to = '' WHERE id = 'mail'");
  const report = newRun({ jobId: "report", limit, priority: 1 });
  await store.createRuns(toRequest(report));
  expect(await store.readRun(mail.id)).toMatchObject({ status: "QUEUED", hold: "paused" });
  const [claimed] = await store.claimRuns({ workerId: "worker-1", limit: 2, now: 0 });
  expect(claimed?.claim.runId).toBe(report.id);
  await store.close();
});
