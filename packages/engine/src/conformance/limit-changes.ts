import { expect } from "vitest";
import type { ClaimedRun, NewRun } from "../store/records.ts";
import type { WorkerJob } from "../store/store.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { waitUntil } from "./task-records.ts";

const MAIL = { id: "job:mail", max: 1 };
const SHARED = { id: "shared:db", max: 1 };

function withLimit(limit: WorkerJob["limit"], id = "mail"): WorkerJob {
  return { id, name: id, version: "1.0.0", isEnabled: true, limit };
}

/** A worker comes whose jobs have these limits. */
async function deploy(scene: Scene, ...jobs: readonly WorkerJob[]): Promise<void> {
  await scene.openWorker("worker-2", jobs);
}

async function statesOf(scene: Scene, ids: readonly string[]): Promise<readonly unknown[]> {
  return (await scene.store.readRuns(ids)).map((run) =>
    run?.status === "QUEUED" ? (run.hold ?? "ready") : run?.status,
  );
}

async function limitsOf(scene: Scene, ids: readonly string[]): Promise<readonly unknown[]> {
  return (await scene.store.readRuns(ids)).map((run) => run?.limitId);
}

function keyed(concurrencyKey: string): Pick<NewRun, "concurrencyKey"> {
  return { concurrencyKey };
}

/** A deploy gives a job a limit, another one, or none: it holds for the runs there are. */
export const limitChangeCases: Cases = {
  "B40 a limit that a deploy adds holds for the runs that may start": async (scene) => {
    const ids = await scene.invokeMany(3);
    const other = await scene.invoke({ jobId: "report" });
    await deploy(scene, withLimit(MAIL), withLimit(null, "report"));
    expect(await statesOf(scene, [...ids, other])).toEqual(["ready", "limit", "limit", "ready"]);
    expect(await scene.claimIds({ workerId: "worker-2" })).toEqual([ids[0], other]);
    expect(await scene.claimIds({ workerId: "worker-2" })).toEqual([]);
  },

  "B40 the places of an added limit go to the first of the line": async (scene) => {
    const low = await scene.invoke({ priority: -1 });
    const late = await scene.invoke();
    const high = await scene.invoke({ priority: 1 });
    await deploy(scene, withLimit({ ...MAIL, max: 2 }));
    expect(await statesOf(scene, [low, late, high])).toEqual(["limit", "ready", "ready"]);
  },

  "B40 what executes counts against an added limit, and nothing starts until there is a place": async (scene) => {
    const ids = await scene.invokeMany(4);
    const [first, second] = await scene.claim({ limit: 2 });
    await deploy(scene, withLimit(MAIL));
    expect(await statesOf(scene, ids)).toEqual(["EXECUTING", "EXECUTING", "limit", "limit"]);
    if (first !== undefined) await scene.succeed(first);
    expect(await scene.claim({ workerId: "worker-2" })).toEqual([]);
    if (second !== undefined) await scene.succeed(second);
    expect(await statesOf(scene, ids.slice(2))).toEqual(["ready", "limit"]);
    await scene.succeed(await scene.claimOnly(ids[2] ?? "", "worker-2"));
    await scene.claimOnly(ids[3] ?? "", "worker-2");
  },

  "B40 a run that was claimed at its birth counts against an added limit": async (scene) => {
    const outcome = await scene.create([scene.newRun()], { claim: { workerId: "worker-1", limit: 1 } });
    const waiting = await scene.invoke();
    await deploy(scene, withLimit(MAIL));
    expect(await statesOf(scene, [waiting])).toEqual(["limit"]);
    const [claimed] = outcome.kind === "created" ? outcome.claimed : [];
    if (claimed !== undefined) await scene.succeed(claimed);
    await scene.claimOnly(waiting, "worker-2");
  },

  "a limit that a deploy takes away holds nobody back": async (scene) => {
    await deploy(scene, withLimit(MAIL));
    const ids = await scene.invokeMany(3, { limit: MAIL });
    const running = await scene.claimOnly(ids[0] ?? "");
    await deploy(scene, withLimit(null));
    expect(await statesOf(scene, ids)).toEqual(["EXECUTING", "ready", "ready"]);
    expect(await limitsOf(scene, ids)).toEqual([null, null, null]);
    expect(await scene.succeed(running)).toBe("settled");
    expect(await scene.claimIds()).toEqual(ids.slice(1));
  },

  "B40 a limit that a deploy exchanges leaves its places to the others of the old one": async (scene) => {
    await deploy(scene, withLimit(MAIL), withLimit(MAIL, "report"));
    const mails = await scene.invokeMany(2, { limit: MAIL });
    const report = await scene.invoke({ jobId: "report", limit: MAIL });
    await scene.claimOnly(mails[0] ?? "");
    await deploy(scene, withLimit(SHARED), withLimit(MAIL, "report"));
    expect(await statesOf(scene, [...mails, report])).toEqual(["EXECUTING", "limit", "ready"]);
    expect(await limitsOf(scene, [...mails, report])).toEqual([SHARED.id, SHARED.id, MAIL.id]);
  },

  "B40 a place that falls free in the moment in which the first in line for it is moved to another limit is not lost":
    async (scene) => {
      // A store may move runs in several steps: it falls free in each of them once.
      for (let step = 0; step < 12; step += 1) {
        const [before, after] = [
          { id: `before-${step}`, max: 1 },
          { id: `after-${step}`, max: 1 },
        ];
        const running = await scene.start({ jobId: "report", limit: before });
        const mails = await scene.invokeMany(2, { limit: before });
        await Promise.all([
          succeedAfterWrites(scene, running, step),
          deploy(scene, withLimit(after), withLimit(before, "report")),
        ]);
        const report = await scene.invoke({ jobId: "report", limit: before });
        expect(await statesOf(scene, [...mails, report])).toEqual(["ready", "limit", "ready"]);
        for (const id of [...mails, report]) await scene.cancel(id);
      }
    },

  "B40 runs with a concurrency key come to that key's share": async (scene) => {
    const ids = [await scene.invoke(keyed("a")), await scene.invoke(keyed("a")), await scene.invoke(keyed("b"))];
    await deploy(scene, withLimit(MAIL));
    expect(await statesOf(scene, ids)).toEqual(["ready", "limit", "ready"]);
    expect(await limitsOf(scene, ids)).toEqual(["job:mail:a", "job:mail:a", "job:mail:b"]);
    await deploy(scene, withLimit(SHARED));
    expect(await statesOf(scene, ids)).toEqual(["ready", "limit", "ready"]);
    expect(await limitsOf(scene, ids)).toEqual(["shared:db:a", "shared:db:a", "shared:db:b"]);
  },

  "B40 runs that are delayed or parked take a place when they come back": async (scene) => {
    const parked = await scene.start();
    await scene.park(parked, [waitUntil("w", scene.now + 10)]);
    const delayed = await scene.invoke({ startAt: scene.now + 10 });
    const ready = await scene.invoke();
    await deploy(scene, withLimit(MAIL));
    expect(await statesOf(scene, [ready])).toEqual(["ready"]);
    await scene.advance(10);
    // The parked one keeps its turn, which was first.
    expect(await statesOf(scene, [parked.run.id, delayed, ready])).toEqual(["ready", "limit", "limit"]);
  },

  "B40 runs of a paused job come under it when the job goes on": async (scene) => {
    const ids = await scene.invokeMany(2);
    await scene.store.setJobPaused({ jobId: "mail", isPaused: true, now: scene.now });
    await deploy(scene, withLimit(MAIL));
    expect(await statesOf(scene, ids)).toEqual(["paused", "paused"]);
    await scene.store.setJobPaused({ jobId: "mail", isPaused: false, now: scene.now });
    expect(await statesOf(scene, ids)).toEqual(["ready", "limit"]);
  },

  "B40 a failed run that is opened again counts against the limit that its job has by then": async (scene) => {
    const failed = [await scene.start(), await scene.start(keyed("a"))];
    for (const run of failed) await scene.fail(run);
    await deploy(scene, withLimit(MAIL));
    const others = [
      await scene.invoke({ limit: MAIL }),
      await scene.invoke({ ...keyed("a"), limit: toShareOfA(MAIL) }),
    ];
    scene.pass(1);
    for (const { run } of failed) await scene.retry(run.id);
    const ids = [...others, ...failed.map(({ run }) => run.id)];
    expect(await statesOf(scene, ids)).toEqual(["ready", "ready", "limit", "limit"]);
    await deploy(scene, withLimit(null));
    expect(await statesOf(scene, ids)).toEqual(["ready", "ready", "ready", "ready"]);
  },

  "B40 what a server of the old version makes beside the new one comes under the limit when it stops": async (
    scene,
  ) => {
    await deploy(scene, withLimit(MAIL), withLimit(null, "report"));
    const [first, second] = await scene.invokeMany(2);
    const other = await scene.invoke({ jobId: "report", limit: SHARED });
    expect(await statesOf(scene, [first ?? "", second ?? ""])).toEqual(["ready", "ready"]);
    await scene.store.closeWorker({ workerId: "worker-1", now: scene.now });
    expect(await statesOf(scene, [first ?? "", second ?? ""])).toEqual(["ready", "limit"]);
    // Of its jobs only those that the new version has changed.
    expect(await limitsOf(scene, [other])).toEqual([SHARED.id]);
  },

  "B40 what it made comes under the limit when it is killed, too, with the runs that it leaves executing": async (
    scene,
  ) => {
    await deploy(scene, withLimit(MAIL), withLimit(null, "report"));
    const ids = await scene.invokeMany(3, { limit: SHARED });
    await scene.claimOnly(ids[0] ?? "");
    const keyedRun = await scene.invoke(keyed("a"));
    const other = await scene.invoke({ jobId: "report", limit: SHARED });
    await scene.killWorker("worker-1");
    expect(await limitsOf(scene, ids)).toEqual([SHARED.id, SHARED.id, SHARED.id]);
    expect(await scene.recover()).toEqual({ requeued: 1, poisoned: 0 });
    expect(await limitsOf(scene, [...ids, keyedRun])).toEqual([MAIL.id, MAIL.id, MAIL.id, "job:mail:a"]);
    expect(await statesOf(scene, [...ids, keyedRun])).toEqual(["ready", "limit", "limit", "ready"]);
    expect(await limitsOf(scene, [other])).toEqual([SHARED.id]);
  },

  "B40 how many may execute is as the worker that came last has it, once one of the old version has left": async (
    scene,
  ) => {
    const more = { ...MAIL, max: 3 };
    await scene.openWorker("old", [withLimit(more)]);
    scene.pass(1);
    await deploy(scene, withLimit(MAIL));
    const ids = await scene.invokeMany(4, { limit: more });
    const keyedIds = [await scene.invoke(underKey(more)), await scene.invoke(underKey(more))];
    expect(await statesOf(scene, [...ids, ...keyedIds])).toEqual([
      "ready",
      "ready",
      "ready",
      "limit",
      "ready",
      "ready",
    ]);
    await scene.store.closeWorker({ workerId: "old", now: scene.now });
    expect(await statesOf(scene, [...ids, ...keyedIds])).toEqual([
      "ready",
      "limit",
      "limit",
      "limit",
      "ready",
      "limit",
    ]);
  },

  "B40 so it is once that was killed, before what it leaves may start": async (scene) => {
    const more = { ...MAIL, max: 3 };
    await scene.openWorker("old", [withLimit(more)]);
    scene.pass(1);
    await deploy(scene, withLimit(MAIL));
    const ids = await scene.invokeMany(4, { limit: more });
    expect(await scene.claimIds({ workerId: "old" })).toEqual(ids.slice(0, 3));
    await scene.killWorker("old");
    const claimed: string[] = [];
    const recovering = scene.recover();
    for (let turn = 0; turn < 12; turn += 1) claimed.push(...(await scene.claimIds({ workerId: "worker-2" })));
    expect(await recovering).toEqual({ requeued: 3, poisoned: 0 });
    claimed.push(...(await scene.claimIds({ workerId: "worker-2" })));
    expect(claimed).toEqual(ids.slice(0, 1));
  },

  "B40 where the worker that came last leaves, it is as the one before has it": async (scene) => {
    await scene.openWorker("old", [withLimit({ ...MAIL, max: 2 })]);
    scene.pass(1);
    await deploy(scene, withLimit(MAIL));
    const ids = await scene.invokeMany(4, { limit: MAIL });
    await scene.store.closeWorker({ workerId: "worker-2", now: scene.now });
    expect(await statesOf(scene, ids)).toEqual(["ready", "ready", "limit", "limit"]);
    const [first] = await scene.claim({ workerId: "old" });
    if (first !== undefined) await scene.fail(first);
    scene.pass(1);
    await scene.retry(ids[0] ?? "");
    expect(await statesOf(scene, ids)).toEqual(["limit", "EXECUTING", "ready", "limit"]);
    await scene.store.closeWorker({ workerId: "old", now: scene.now });
    expect(await statesOf(scene, ids)).toEqual(["limit", "ready", "ready", "limit"]);
  },

  "B40 a worker that is killed with the limits that its jobs have by then moves no run": async (scene) => {
    await deploy(scene, withLimit(MAIL));
    await deploy(scene, withLimit(null));
    const id = await scene.invoke({ limit: SHARED });
    await scene.killWorker("worker-1");
    await scene.recover();
    expect(await limitsOf(scene, [id])).toEqual([SHARED.id]);
  },

  "B40 of many runs that wait none is left out": async (scene) => {
    const ids = await scene.invokeMany(1_201);
    await deploy(scene, withLimit(MAIL));
    expect((await statesOf(scene, ids)).filter((state) => state !== "limit")).toEqual(["ready"]);
    await deploy(scene, withLimit(null));
    expect((await statesOf(scene, ids)).filter((state) => state !== "ready")).toEqual([]);
  },
};

/** Ends the run once the store has done so many other writes, one after the other. */
async function succeedAfterWrites(scene: Scene, run: ClaimedRun, count: number): Promise<void> {
  const value = { scope: "global", key: "k", text: "1", claim: null };
  for (let index = 0; index < count; index += 1) await scene.store.writeValue(value);
  await scene.succeed(run);
}

/** A run with the key `a`, under the limit's share of it. */
function underKey(limit: typeof MAIL): Partial<NewRun> {
  return { ...keyed("a"), limit: toShareOfA(limit) };
}

function toShareOfA({ id, max }: typeof MAIL): NewRun["limit"] {
  return { id: `${id}:a`, max };
}
