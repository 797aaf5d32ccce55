import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import { task, waitForRuns, waitUntil } from "./task-records.ts";

export const recoveryCases: Cases = {
  "B33 the runs of a dead worker are ready again, with one more crash": async (scene) => {
    const run = await scene.start();
    scene.pass(10);
    await scene.openWorker("worker-2");
    await scene.killWorker("worker-1");
    expect(await scene.claim({ workerId: "worker-2" })).toEqual([]);
    expect(await scene.recover()).toEqual({ requeued: 1, poisoned: 0 });
    expect(await scene.read(run.run.id)).toMatchObject({
      status: "QUEUED",
      crashCount: 1,
      attempt: 1,
      queuedAt: run.run.queuedAt,
      completedAt: null,
    });
    expect((await scene.claimOnly(run.run.id, "worker-2")).run).toMatchObject({ executionCount: 2, crashCount: 1 });
  },

  "B44 a worker that lives is left alone, however long it is silent": async (scene) => {
    const run = await scene.start();
    await scene.openWorker("worker-2");
    await scene.killWorker("worker-2");
    scene.pass(365 * 86_400_000);
    expect(await scene.recover()).toEqual({ requeued: 0, poisoned: 0 });
    expect(await scene.succeed(run)).toBe("settled");
  },

  "B44 what a worker writes after its runs were taken over is refused": async (scene) => {
    const stale = await scene.start();
    await scene.openWorker("worker-2");
    await scene.killWorker("worker-1");
    await scene.recover();
    const taken = await scene.claimOnly(stale.run.id, "worker-2");
    expect(await scene.record(stale, { tasks: [task("late")] })).toEqual({ kind: "lost" });
    expect(await scene.succeed(stale, "late")).toBe("lost");
    expect(await scene.succeed(taken, "good")).toBe("settled");
    expect((await scene.read(stale.run.id)).output).toBe("good");
  },

  "B44 a run whose process dies under it again and again is poisoned": async (scene) => {
    const id = await scene.invoke();
    for (let crash = 1; crash <= 5; crash += 1) {
      await scene.openWorker(`doomed-${crash}`);
      await scene.claimOnly(id, `doomed-${crash}`);
      await scene.killWorker(`doomed-${crash}`);
      const isLast = crash === 5;
      expect(await scene.recover(5)).toEqual(isLast ? { requeued: 0, poisoned: 1 } : { requeued: 1, poisoned: 0 });
      expect(await scene.read(id)).toMatchObject(
        isLast ? { status: "FAILURE" } : { status: "QUEUED", crashCount: crash },
      );
    }
    expect(await scene.read(id)).toMatchObject({ error: '{"json":"POISONED"}', completedAt: scene.now, crashCount: 0 });
  },

  "B47 a run that dies with the one it waits for is told of that one's end, once": async (scene) => {
    const awaited = await scene.start();
    await scene.openWorker("worker-2");
    await scene.killWorker("worker-1");
    await scene.recover();
    const waiting = await scene.invoke();
    const claimed = await scene.claim({ workerId: "worker-2" });
    const reader = claimed.find(({ run }) => run.id === waiting);
    if (reader === undefined) throw new Error("Both runs were to be claimed.");
    await scene.record(reader, { tasks: [waitForRuns("w", [awaited.run.id])] });
    await scene.openWorker("worker-3");
    await scene.killWorker("worker-2");
    expect(await scene.recover(2)).toEqual({ requeued: 1, poisoned: 1 });
    expect(await scene.taskOf(waiting, "w")).toMatchObject({ status: "SUCCESS", resolution: "ended" });
    expect(await scene.read(waiting)).toMatchObject({ status: "QUEUED", eventCount: 4 });
  },

  "B44 only crashes in a row count": async (scene) => {
    const id = await scene.invoke();
    for (const step of ["park", "back off", "give back"]) {
      await scene.openWorker("doomed");
      await scene.claimOnly(id, "doomed");
      await scene.killWorker("doomed");
      await scene.recover();
      const run = await scene.claimOnly(id);
      expect(run.run.crashCount).toBe(1);
      if (step === "park") await scene.park(run, [waitUntil("w", scene.now + 1)]);
      if (step === "back off") await scene.backOff(run, scene.now + 1);
      if (step === "give back") await scene.giveBack(run);
      expect((await scene.read(id)).crashCount).toBe(0);
      await scene.advance(1);
    }
  },

  "B43 a worker that closes gives its runs back, and that is no crash": async (scene) => {
    const runs = [await scene.start(), await scene.start()];
    await scene.openWorker("worker-2");
    await scene.store.closeWorker({ workerId: "worker-1", now: scene.now });
    for (const { run } of runs)
      expect(await scene.read(run.id)).toMatchObject({ status: "QUEUED", crashCount: 0, attempt: 1 });
    expect(await scene.recover()).toEqual({ requeued: 0, poisoned: 0 });
    expect(await scene.claimIds({ workerId: "worker-2" })).toEqual(runs.map(({ run }) => run.id));
    expect(await scene.record(runs[0] as (typeof runs)[0], { tasks: [task("late")] })).toEqual({ kind: "lost" });
  },

  "B43 nor does it count on from crashes before": async (scene) => {
    const run = await scene.start();
    await scene.openWorker("worker-2");
    await scene.killWorker("worker-1");
    await scene.recover();
    await scene.claimOnly(run.run.id, "worker-2");
    await scene.store.closeWorker({ workerId: "worker-2", now: scene.now });
    expect(await scene.read(run.run.id)).toMatchObject({ status: "QUEUED", crashCount: 0 });
  },

  "waiting, delayed and ready runs are no concern of a recovery": async (scene) => {
    const waiting = await scene.start();
    await scene.park(waiting, [waitUntil("w", scene.now + 10)]);
    const delayed = await scene.invoke({ startAt: scene.now + 10 });
    const ready = await scene.invoke();
    await scene.reopen();
    expect(await scene.recover()).toEqual({ requeued: 0, poisoned: 0 });
    const statuses = await Promise.all([waiting.run.id, delayed, ready].map((id) => scene.statusOf(id)));
    expect(statuses).toEqual(["WAITING", "DELAYED", "QUEUED"]);
  },

  "B33 after the death of every process, every run that was executing is ready again": async (scene) => {
    const ids = await scene.invokeMany(10);
    await scene.claim({ limit: 7 });
    await scene.reopen();
    expect(await scene.recover()).toEqual({ requeued: 7, poisoned: 0 });
    expect(await scene.claimIds({ workerId: "worker-2" })).toEqual(ids);
  },

  "a dead worker's runs are taken over once, by however many": async (scene) => {
    const run = await scene.start();
    const peer = await scene.openPeer();
    await scene.killWorker("worker-1");
    const request = { now: scene.now, poisonAfter: 5, poisonError: "e" };
    const answers = await Promise.all([scene.store, peer, scene.store].map((store) => store.recoverRuns(request)));
    expect(answers.reduce((sum, { requeued }) => sum + requeued, 0)).toBe(1);
    expect((await scene.read(run.run.id)).crashCount).toBe(1);
  },

  "a job that no live worker defines is said to have none": async (scene) => {
    const id = await scene.invoke();
    expect(await scene.store.readQueueFacts(id)).toMatchObject({ hasWorker: true });
    const unserved = await scene.invoke({ jobId: "unserved" });
    expect(await scene.store.readQueueFacts(unserved)).toMatchObject({ hasWorker: false });
    await scene.store.closeWorker({ workerId: "worker-1", now: scene.now });
    expect(await scene.store.readQueueFacts(id)).toMatchObject({ hasWorker: false });
  },
};
