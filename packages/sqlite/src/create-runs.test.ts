import type { NewRun, Store, StoreChange } from "@beckon/engine";
import { expect, test } from "vitest";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { MAIL, newRun, toRequest } from "./testing/new-run.ts";

/** In memory, with two workers: of `mail` and of `report`. */
async function openStore(): Promise<Store & AsyncDisposable> {
  const store = await openSqliteStore({ path: ":memory:" });
  await store.openWorker({ workerId: "mailer", jobs: [MAIL], now: 0 });
  await store.openWorker({ workerId: "reporter", jobs: [{ ...MAIL, id: "report" }], now: 0 });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

/** Which of the runs are the mailer's with their birth, where it has so many free slots. */
async function bear(store: Store, runs: readonly NewRun[], limit = 10): Promise<readonly string[]> {
  const outcome = await store.createRuns({ ...toRequest(...runs), claim: { workerId: "mailer", limit } });
  return outcome.kind === "created" ? outcome.claimed.map(({ run }) => run.id) : [];
}

test("runs are born executing where slots are free for all of them, and nobody is told to look for them", async () => {
  await using store = await openStore();
  const changes: StoreChange[] = [];
  store.subscribe((change) => changes.push(change));
  const runs = [newRun(), newRun({ priority: 1, tags: ["vip"] })];
  expect(await bear(store, runs)).toEqual([runs[1]?.id, runs[0]?.id]);
  expect(changes.map(({ hasReady }) => hasReady)).toEqual([false]);
});

test("so are runs that are made in one commit, one request after the other", async () => {
  await using store = await openStore();
  const runs = [newRun(), newRun(), newRun()];
  const claimed = await Promise.all(runs.map((run) => bear(store, [run], 1)));
  expect(claimed).toEqual(runs.map(({ id }) => [id]));
});

test("of several jobs, the worker's own are born executing and the others are announced", async () => {
  await using store = await openStore();
  const changes: StoreChange[] = [];
  store.subscribe((change) => changes.push(change));
  const [mail, report] = [newRun(), newRun({ jobId: "report", priority: 9 })];
  expect(await bear(store, [report, mail])).toEqual([mail.id]);
  expect(changes.map(({ hasReady }) => hasReady)).toEqual([true]);
});

test("ready runs of other workers' jobs are in nobody's way", async () => {
  await using store = await openStore();
  await store.createRuns(toRequest(newRun({ jobId: "report", priority: 9 })));
  const run = newRun();
  expect(await bear(store, [run])).toEqual([run.id]);
});

test("one run of a limit is born executing; several, and more than there are slots, are left to the line", async () => {
  await using store = await openStore();
  const limit = { id: "job:mail", max: 9 };
  const run = newRun({ limit });
  expect(await bear(store, [run], 1)).toEqual([run.id]);
  expect(await bear(store, [newRun({ limit }), newRun({ limit })])).toEqual([]);
  await store.claimRuns({ workerId: "mailer", limit: 10, now: 0 });
  expect(await bear(store, [newRun(), newRun()], 1)).toEqual([]);
});

test("a pause that is under way holds newborn runs too", async () => {
  await using store = await openStore();
  const run = newRun();
  const [, claimed] = await Promise.all([
    store.setJobPaused({ jobId: "mail", isPaused: true, now: 0 }),
    bear(store, [run]),
  ]);
  expect(claimed).toEqual([]);
  expect(await store.readRun(run.id)).toMatchObject({ status: "QUEUED", hold: "paused" });
});
