import { expect } from "vitest";
import type { NewRun } from "../store/records.ts";
import type { WorkerJob } from "../store/store.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { task, waitForRuns, waitUntil } from "./task-records.ts";

/** The fields of a run that counts against this limit. */
function under(max: number, id = "job:mail"): Pick<NewRun, "limit"> {
  return { limit: { id, max } };
}

function mailJob(max: number): WorkerJob {
  return { id: "mail", name: "mail", version: "1.0.0", isEnabled: true, limit: { id: "job:mail", max } };
}

async function holdsOf(scene: Scene, ids: readonly string[]): Promise<readonly unknown[]> {
  return (await scene.store.readRuns(ids)).map((run) => (run?.status === "QUEUED" ? run.hold : run?.status));
}

export const limitCases: Cases = {
  "B40 as many runs may start as the limit has places": async (scene) => {
    const ids = await scene.invokeMany(4, under(2));
    expect(await holdsOf(scene, ids)).toEqual([null, null, "limit", "limit"]);
    expect(await scene.claimIds()).toEqual(ids.slice(0, 2));
    expect(await scene.claimIds()).toEqual([]);
  },

  "B40 the settlement that frees a place gives it to the next": async (scene) => {
    const ids = await scene.invokeMany(4, under(1));
    for (const [index, id] of ids.entries()) {
      const run = await scene.claimOnly(id);
      expect(await holdsOf(scene, ids.slice(index + 1))).toEqual(ids.slice(index + 1).map(() => "limit"));
      await (index % 2 === 0 ? scene.succeed(run) : scene.fail(run));
    }
  },

  "B40 one limit may span jobs, and limits leave each other alone": async (scene) => {
    const shared = [
      await scene.invoke({ jobId: "mail", ...under(1, "shared:db") }),
      await scene.invoke({ jobId: "report", ...under(1, "shared:db") }),
    ];
    const other = await scene.invoke(under(1));
    expect(await holdsOf(scene, [...shared, other])).toEqual([null, "limit", null]);
  },

  "B40 with concurrency keys the limit holds for each key": async (scene) => {
    const ids = [];
    for (const key of ["a", "b", "a"])
      ids.push(await scene.invoke({ concurrencyKey: key, ...under(1, `job:mail:${key}`) }));
    expect(await holdsOf(scene, ids)).toEqual([null, null, "limit"]);
  },

  "B41 places go to higher priority first, then first come first served": async (scene) => {
    const running = await scene.start(under(1));
    const low = await scene.invoke({ ...under(1), priority: -1 });
    const first = await scene.invoke(under(1));
    scene.pass(1);
    const second = await scene.invoke(under(1));
    const high = await scene.invoke({ ...under(1), priority: 1 });
    await scene.succeed(running);
    for (const id of [high, first, second, low]) await scene.succeed(await scene.claimOnly(id));
  },

  "B41 a run of higher priority takes the place of one that may start and has not": async (scene) => {
    const [low] = await scene.invokeMany(1, under(1));
    const high = await scene.invoke({ ...under(1), priority: 1 });
    expect(await holdsOf(scene, [low ?? "", high])).toEqual(["limit", null]);
    const claimed = await scene.claimOnly(high);
    const higher = await scene.invoke({ ...under(1), priority: 2 });
    expect(await holdsOf(scene, [high, higher])).toEqual(["EXECUTING", "limit"]);
    await scene.succeed(claimed);
    expect(await holdsOf(scene, [low ?? "", higher])).toEqual(["limit", null]);
  },

  "B41 a run that is given back stands behind those of higher priority": async (scene) => {
    const running = await scene.start(under(1));
    const high = await scene.invoke({ ...under(1), priority: 1 });
    await scene.giveBack(running);
    expect(await holdsOf(scene, [running.run.id, high])).toEqual(["limit", null]);
  },

  "B41 a run that comes back goes before those that came later": async (scene) => {
    const first = await scene.start(under(1));
    await scene.park(first, [waitUntil("w", scene.now + 10)]);
    const later = await scene.invoke(under(1));
    await scene.advance(10);
    expect(await holdsOf(scene, [first.run.id, later])).toEqual([null, "limit"]);
  },

  "B26 a parked run gives its place back, and takes one again before it goes on": async (scene) => {
    const parent = await scene.start(under(1));
    const childId = await scene.invoke(under(1), { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    expect(await scene.claim()).toEqual([]);
    await scene.park(parent, [waitForRuns("r", [childId], { ordinal: 2 })]);
    const child = await scene.claimOnly(childId);
    const other = await scene.invoke(under(1));
    await scene.succeed(child);
    expect(await holdsOf(scene, [parent.run.id, other])).toEqual([null, "limit"]);
    await scene.succeed(await scene.claimOnly(parent.run.id));
    await scene.claimOnly(other);
  },

  "a woken run waits for a place while the limit is full": async (scene) => {
    const first = await scene.start(under(1));
    await scene.park(first, [waitUntil("w", scene.now + 10)]);
    const second = await scene.start(under(1));
    await scene.advance(10);
    expect(await holdsOf(scene, [first.run.id])).toEqual(["limit"]);
    await scene.succeed(second);
    await scene.claimOnly(first.run.id);
  },

  "a run that backs off gives its place back": async (scene) => {
    const first = await scene.start(under(1));
    await scene.backOff(first, scene.now + 10);
    const second = await scene.claimOnly(await scene.invoke(under(1)));
    await scene.advance(10);
    expect(await holdsOf(scene, [first.run.id])).toEqual(["limit"]);
    await scene.succeed(second);
    await scene.claimOnly(first.run.id);
  },

  "a delayed run takes a place when it is due": async (scene) => {
    const delayed = await scene.invoke({ ...under(1), startAt: scene.now + 10 });
    const running = await scene.start(under(1));
    await scene.advance(10);
    expect(await holdsOf(scene, [delayed])).toEqual(["limit"]);
    await scene.succeed(running);
    expect(await holdsOf(scene, [delayed])).toEqual([null]);
  },

  "the end of a run that may start frees its place": async (scene) => {
    const expiring = await scene.invoke({ ...under(1), ttlMs: 10, priority: 2 });
    const canceled = await scene.invoke({ ...under(1), priority: 1 });
    const last = await scene.invoke(under(1));
    await scene.advance(10);
    expect(await holdsOf(scene, [expiring, canceled, last])).toEqual(["EXPIRED", null, "limit"]);
    await scene.cancel(canceled);
    expect(await holdsOf(scene, [last])).toEqual([null]);
  },

  "runs of one line that expire together leave their places to those behind them": async (scene) => {
    const last = await scene.invoke({ ...under(1), priority: -1 });
    const ids = [];
    for (let index = 0; index < 3; index += 1) ids.push(await scene.invoke({ ...under(1), ttlMs: 10 }));
    await scene.advance(10);
    expect(await holdsOf(scene, [...ids, last])).toEqual(["EXPIRED", "EXPIRED", "EXPIRED", null]);
    await scene.succeed(await scene.claimOnly(last));
    expect(await holdsOf(scene, [await scene.invoke(under(1))])).toEqual([null]);
  },

  "the end of a run in the backlog frees nothing": async (scene) => {
    const [first, second, third] = await scene.invokeMany(3, under(1));
    await scene.cancel(second ?? "");
    expect(await holdsOf(scene, [first ?? "", third ?? ""])).toEqual([null, "limit"]);
  },

  "B40 a deploy may raise a limit, also for the runs that wait": async (scene) => {
    const ids = await scene.invokeMany(4, under(1));
    const keyed = [];
    for (let index = 0; index < 3; index += 1)
      keyed.push(await scene.invoke({ concurrencyKey: "k", ...under(1, "job:mail:k") }));
    await scene.openWorker("worker-2", [mailJob(3)]);
    expect(await holdsOf(scene, ids)).toEqual([null, null, null, "limit"]);
    expect(await holdsOf(scene, keyed)).toEqual([null, null, null]);
  },

  "B40 a deploy may lower a limit: what executes goes on, and nothing starts until there is a place": async (scene) => {
    const ids = await scene.invokeMany(5, under(3));
    const [first, second] = await scene.claim({ limit: 2 });
    await scene.openWorker("worker-2", [mailJob(1)]);
    expect(await holdsOf(scene, ids)).toEqual(["EXECUTING", "EXECUTING", "limit", "limit", "limit"]);
    if (first !== undefined) await scene.succeed(first);
    expect(await scene.claim()).toEqual([]);
    if (second !== undefined) await scene.succeed(second);
    expect(await holdsOf(scene, ids.slice(2))).toEqual([null, "limit", "limit"]);
  },

  "a limit tells who holds its places, and a run how many are before it": async (scene) => {
    const running = await scene.start(under(2));
    const [ready, second, third] = await scene.invokeMany(3, under(2));
    const facts = await scene.store.readQueueFacts(third ?? "");
    expect(facts).toMatchObject({
      ahead: 1,
      limit: { id: "job:mail", max: 2, taken: 2 },
      isPaused: false,
      hasWorker: true,
    });
    expect(facts?.limit?.heldBy.toSorted()).toEqual([running.run.id, ready]);
    expect(await scene.store.readQueueFacts(second ?? "")).toMatchObject({ ahead: 0 });
  },

  "B40 limits hold over the death of every process": async (scene) => {
    const ids = await scene.invokeMany(3, under(1));
    await scene.claimOnly(ids[0] ?? "");
    await scene.reopen();
    expect(await scene.claim({ workerId: "worker-2" })).toEqual([]);
    await scene.recover();
    expect(await holdsOf(scene, ids)).toEqual([null, "limit", "limit"]);
  },
};
