import { expect } from "vitest";
import type { NewRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { failedTask, task, waitUntil } from "./task-records.ts";

const LIMIT = { id: "job:mail", max: 1 };

/** Runs that have seen so many processes die under them, each ready again or in the line of suspects. */
async function haveCrashed(scene: Scene, runs: readonly Partial<NewRun>[], times = 2): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const fields of runs) ids.push(await scene.invoke(fields));
  for (let crash = 1; crash <= times; crash += 1) await dieWith(scene, ids.length);
  return ids;
}

/** A process claims all it may, and dies. */
async function dieWith(scene: Scene, claimed: number, workerId = "doomed"): Promise<void> {
  await scene.openWorker(workerId);
  expect(await scene.claimIds({ workerId })).toHaveLength(claimed);
  await scene.killWorker(workerId);
  await scene.recover();
}

/** Whether it is told, while this is done, that there may be something to claim. */
async function hearReady(scene: Scene, act: () => Promise<unknown>): Promise<boolean> {
  const told: boolean[] = [];
  const stop = scene.store.subscribe(({ hasReady }) => told.push(hasReady));
  await act();
  stop();
  return told.includes(true);
}

export const suspectCases: Cases = {
  "B44 one run that kills each process it is executed in takes no other with it": async (scene) => {
    const bomb = await scene.invoke();
    const innocent = new Set(await scene.invokeMany(9));
    let lives = 0;
    for (; (await scene.statusOf(bomb)) !== "FAILURE"; lives += 1) {
      const workerId = `life-${lives}`;
      await scene.openWorker(workerId);
      for (;;) {
        const claimed = await scene.claim({ workerId });
        if (claimed.some(({ run }) => run.id === bomb)) break;
        for (const run of claimed) await scene.succeed(run);
      }
      await scene.killWorker(workerId);
      await scene.recover();
    }
    expect(lives).toBe(5);
    // Those that it drew in were executed before it was the third time.
    for (const id of innocent) expect(await scene.read(id)).toMatchObject({ status: "SUCCESS" });
  },

  "after one death all runs go on at once, after the second one at a time": async (scene) => {
    const ids = await haveCrashed(scene, [{}, {}, {}], 1);
    await dieWith(scene, 3);
    for (const id of ids)
      expect(await scene.read(id)).toMatchObject({ status: "QUEUED", hold: "suspect", crashCount: 2 });
    expect(await scene.claimIds()).toEqual([ids[2]]);
    expect(await scene.claimIds({ suspect: false })).toEqual([]);
    await scene.openWorker("worker-2");
    expect(await scene.claimIds({ workerId: "worker-2" })).toEqual([ids[1]]);
  },

  "runs that are no suspects are executed beside one, and in their own order": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{ priority: -1 }]);
    const ready = await scene.invokeMany(3);
    expect(await scene.claimIds({ limit: 2 })).toEqual([suspect, ready[0]]);
    expect(await scene.claimIds({ suspect: false })).toEqual(ready.slice(1));
  },

  "of a suspect that is not asked for nobody has to wait": async (scene) => {
    await haveCrashed(scene, [{}, {}]);
    const ready = await scene.invokeMany(2);
    expect(await scene.claimIds({ suspect: false })).toEqual(ready);
  },

  "suspects come by their crashes, then the newest first": async (scene) => {
    const [first, second, last] = await haveCrashed(scene, [{ priority: 1 }, {}, {}]);
    await dieWith(scene, 1);
    expect(await scene.read(last ?? "")).toMatchObject({ hold: "suspect", crashCount: 3 });
    const ahead = await Promise.all([second, first, last].map((id) => scene.store.readQueueFacts(id ?? "")));
    expect(ahead.map((facts) => facts?.ahead)).toEqual([0, 1, 2]);
    for (const id of [second, first, last]) expect(await scene.claimIds()).toEqual([id]);
  },

  "a suspect of more crashes than are asked for does not begin": async (scene) => {
    const [older, newer] = await haveCrashed(scene, [{}, {}]);
    await dieWith(scene, 1);
    expect((await scene.read(newer ?? "")).crashCount).toBe(3);
    expect(await scene.claimIds({ mostCrashes: 2 })).toEqual([older]);
    expect(await scene.claimIds({ mostCrashes: 2 })).toEqual([]);
    expect(await scene.claimIds({ mostCrashes: 3 })).toEqual([newer]);
  },

  "a suspect has no place of its limit before it is claimed, and nobody waits behind it": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{ limit: LIMIT }]);
    const other = await scene.invoke({ limit: LIMIT });
    const running = await scene.claim({ suspect: false });
    expect(running.map(({ run }) => run.id)).toEqual([other]);
    expect(await scene.claimIds()).toEqual([]);
    for (const run of running) await scene.succeed(run);
    expect(await scene.claimIds()).toEqual([suspect]);
  },

  "a suspect takes the place of a ready run that comes after it, not of one before it": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{ limit: LIMIT }]);
    const urgent = await scene.invoke({ limit: LIMIT, priority: 1 });
    const later = await scene.invoke({ limit: LIMIT });
    const [before] = await scene.claim();
    expect(before?.run.id).toBe(urgent);
    if (before !== undefined) await scene.succeed(before);
    expect((await scene.read(later)).hold).toBeNull();
    expect(await scene.claimIds()).toEqual([suspect]);
    expect((await scene.read(later)).hold).toBe("limit");
  },

  "one that finds its limit full holds up no other suspect": async (scene) => {
    const [free, limited] = await haveCrashed(scene, [{}, { limit: LIMIT }]);
    const holder = await scene.invoke({ limit: LIMIT });
    expect(await scene.claimIds({ suspect: false })).toEqual([holder]);
    expect(await scene.claimIds()).toEqual([free]);
    expect((await scene.read(limited ?? "")).hold).toBe("suspect");
  },

  "nor does one that comes behind the ready run another that comes before it": async (scene) => {
    const limit = { ...LIMIT, max: 2 };
    const [urgent] = await haveCrashed(scene, [{ limit, priority: 2 }, { limit }]);
    const ready = await scene.invoke({ limit: LIMIT, priority: 1 });
    expect((await scene.read(ready)).hold).toBeNull();
    expect(await scene.claimIds()).toEqual([urgent]);
    expect((await scene.read(ready)).hold).toBe("limit");
  },

  "suspects of a paused job are held as all of its runs are, and are suspects again when it goes on": async (scene) => {
    const [mail, report] = await haveCrashed(scene, [{}, { jobId: "report" }]);
    await scene.store.setJobPaused({ jobId: "mail", isPaused: true, now: scene.now });
    expect((await scene.read(mail ?? "")).hold).toBe("paused");
    expect(await scene.claimIds()).toEqual([report]);
    await scene.store.setJobPaused({ jobId: "mail", isPaused: false, now: scene.now });
    expect((await scene.read(mail ?? "")).hold).toBe("suspect");
    expect(await scene.claimIds()).toEqual([mail]);
  },

  "a suspect that its job gives another limit is one under that": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{}]);
    const job = { id: "mail", name: "mail", version: "2.0.0", isEnabled: true, limit: LIMIT };
    await scene.openWorker("worker-2", [job]);
    expect(await scene.read(suspect ?? "")).toMatchObject({ hold: "suspect", limitId: LIMIT.id });
    const other = await scene.invoke({ limit: LIMIT });
    expect(await scene.claimIds({ workerId: "worker-2" })).toEqual([suspect]);
    expect((await scene.read(other)).hold).toBe("limit");
  },

  "a worker gets no suspect of a job that it does not define": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{}]);
    await scene.openWorker("reporter", [
      { id: "report", name: "report", version: "1.0.0", isEnabled: true, limit: null },
    ]);
    expect(await scene.claimIds({ workerId: "reporter" })).toEqual([]);
    expect(await scene.claimIds()).toEqual([suspect]);
  },

  "a suspect can be canceled, and one whose worker closes is none any more": async (scene) => {
    const [canceled, closed] = await haveCrashed(scene, [{}, {}]);
    expect(await scene.cancel(canceled ?? "")).toMatchObject({ kind: "canceled" });
    await scene.claimOnly(closed ?? "");
    await scene.store.closeWorker({ workerId: "worker-1", now: scene.now });
    expect(await scene.read(closed ?? "")).toMatchObject({ status: "QUEUED", hold: null, crashCount: 0 });
  },

  "a store tells of suspects that come": async (scene) => {
    await haveCrashed(scene, [{}], 1);
    await scene.openWorker("doomed");
    await scene.claim({ workerId: "doomed" });
    await scene.killWorker("doomed");
    expect(await hearReady(scene, () => scene.recover())).toBe(true);
  },

  "a store tells of a place that falls free for a suspect, where a ready run gives it up": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{ limit: LIMIT }]);
    const urgent = await scene.invoke({ limit: LIMIT, priority: 1 });
    expect(await hearReady(scene, () => scene.cancel(urgent))).toBe(true);
    expect(await scene.claimIds()).toEqual([suspect]);
  },

  "a store tells of one that falls free where a process dies": async (scene) => {
    const [suspect] = await haveCrashed(scene, [{ limit: LIMIT }]);
    const other = await scene.invoke({ limit: LIMIT, priority: 1 });
    await scene.openWorker("doomed");
    expect(await scene.claimIds({ workerId: "doomed" })).toEqual([other]);
    // Its function goes on, and has the place.
    await scene.cancel(other);
    expect(await scene.claimIds()).toEqual([]);
    await scene.killWorker("doomed");
    expect(await hearReady(scene, () => scene.recover())).toBe(true);
    expect(await scene.claimIds()).toEqual([suspect]);
  },

  "B44 a run that finishes a step in each life of its process is not poisoned": async (scene) => {
    const id = await scene.invoke();
    for (let life = 1; life <= 8; life += 1) {
      await scene.openWorker(`life-${life}`);
      const run = await scene.claimOnly(id, `life-${life}`);
      await scene.record(run, { tasks: [life % 2 === 0 ? failedTask(`t${life}`) : task(`t${life}`)] });
      expect((await scene.read(id)).crashCount).toBe(life === 1 ? 0 : 1);
      await scene.killWorker(`life-${life}`);
      expect(await scene.recover()).toEqual({ requeued: 1, poisoned: 0 });
      // The last death is not forgotten: it may be what kills all the same.
      expect(await scene.read(id)).toMatchObject(
        life === 1 ? { hold: null, crashCount: 1 } : { hold: "suspect", crashCount: 2 },
      );
    }
  },

  "B44 so does one whose step is told by an event, of which the row alone may tell": async (scene) => {
    const id = await scene.invoke();
    for (let life = 1; life <= 6; life += 1) {
      await scene.openWorker(`life-${life}`);
      const run = await scene.claimOnly(id, `life-${life}`);
      const done = task(`t${life}`, { ordinal: life, completedAt: scene.now });
      await scene.record(run, { tasks: [done], events: [{ type: "task", at: scene.now, task: done }] });
      await scene.killWorker(`life-${life}`);
      expect(await scene.recover()).toEqual({ requeued: 1, poisoned: 0 });
    }
    expect((await scene.store.readTasks(id)).map((step) => step.id)).toEqual(["t1", "t2", "t3", "t4", "t5", "t6"]);
  },

  "B44 nor is one that makes a child in each": async (scene) => {
    const id = await scene.invoke();
    for (let life = 1; life <= 6; life += 1) {
      await scene.openWorker(`life-${life}`);
      const { claim } = await scene.claimOnly(id, `life-${life}`);
      await scene.invoke({ startAt: scene.now + 1 }, { claim, steps: [task(`c${life}`, { kind: "child" })] });
      await scene.killWorker(`life-${life}`);
      await scene.recover();
      expect((await scene.read(id)).crashCount).toBe(Math.min(life, 2));
    }
  },

  "B44 messages, steps that begin and such as wait bring a run no further": async (scene) => {
    const id = await scene.invoke();
    for (let life = 1; life <= 2; life += 1) {
      await scene.openWorker(`life-${life}`);
      const run = await scene.claimOnly(id, `life-${life}`);
      const begun = task("begun", { status: "RUNNING", output: null });
      await scene.record(run, { tasks: [begun, waitUntil("w", scene.now + 10)] });
      const log = {
        type: "log",
        at: scene.now,
        taskId: null,
        level: "info",
        message: "m",
        data: null,
        scope: "s",
      } as const;
      await scene.record(run, { events: [log] });
      await scene.killWorker(`life-${life}`);
      await scene.recover();
      expect((await scene.read(id)).crashCount).toBe(life);
    }
  },
};
