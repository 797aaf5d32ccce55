import { expect } from "vitest";
import { toLogKey } from "../store/log-key.ts";
import type { ClaimedRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import { NOTHING, type Scene } from "./scene.ts";
import { failedTask, task, waitForRuns, waitForSignal, waitUntil } from "./task-records.ts";

/** The ids of the steps that the run's next execution will answer from. */
async function memoOf(scene: Scene, runId: string): Promise<readonly string[]> {
  return (await scene.store.readTasks(runId)).map(({ id }) => id);
}

/** A parent with steps and children of every outcome: `keep …` is to be answered from, `forget …` is not. */
async function startWithSteps(scene: Scene): Promise<ClaimedRun> {
  const parent = await scene.start();
  await scene.record(parent, {
    tasks: [task("keep done", { ordinal: 1 }), failedTask("forget failed", { ordinal: 2 })],
  });
  const makeChild = (id: string, ordinal: number) =>
    scene.invoke({}, { claim: parent.claim, steps: [task(id, { kind: "child", ordinal })] });
  const successful = await scene.claimOnly(await makeChild("keep successful child", 3));
  await scene.succeed(successful);
  const failed = await scene.claimOnly(await makeChild("forget failed child", 4));
  const waits = [
    waitForRuns("keep result", [successful.run.id], { ordinal: 5 }),
    waitForRuns("forget result", [failed.run.id], { ordinal: 6 }),
  ];
  await scene.fail(failed);
  await scene.record(parent, { tasks: waits });
  const canceled = await makeChild("forget canceled child", 7);
  await scene.cancel(canceled);
  await makeChild("keep unfinished child", 8);
  return parent;
}

const KEPT = ["keep done", "keep successful child", "keep result", "keep unfinished child"];

export const retryCases: Cases = {
  "B31 a wait for several runs goes on to wait for one that is opened again before the others have ended": async (
    scene,
  ) => {
    for (const isParked of [true, false]) {
      const parent = await scene.start();
      const startChild = async (id: string, ordinal: number) =>
        scene.claimOnly(await scene.invoke({}, { claim: parent.claim, steps: [task(id, { kind: "child", ordinal })] }));
      const [again, other] = [await startChild("a", 1), await startChild("b", 2)];
      const ids = [again.run.id, other.run.id];
      const wait = waitForRuns("r", ids, { childRunId: null, ordinal: 3 });
      if (isParked) await scene.park(parent, [wait]);
      else await scene.record(parent, { tasks: [wait] });
      await scene.fail(again);
      await scene.store.retryRun({ runId: again.run.id, now: scene.now });
      expect(new Set(await scene.store.readAwaitedRuns(parent.run.id))).toEqual(new Set(ids));
      await scene.succeed(other);
      expect(await scene.taskOf(parent.run.id, "r")).toMatchObject({ status: "WAITING" });
      await scene.succeed(await scene.claimOnly(again.run.id));
      expect(await scene.taskOf(parent.run.id, "r")).toMatchObject({ status: "SUCCESS", resolution: "ended" });
      expect(await scene.statusOf(parent.run.id)).toBe(isParked ? "QUEUED" : "EXECUTING");
      if (isParked) await scene.succeed(await scene.claimOnly(parent.run.id));
    }
  },

  "B43 the time it may execute is counted over all executions, and anew from Retry on": async (scene) => {
    const first = await scene.start({ maxDurationMs: 100 });
    expect(first.limitedMs).toBe(0);
    await scene.giveBack(first, 30);
    const second = await scene.claimOnly(first.run.id);
    expect(second.limitedMs).toBe(30);
    await scene.giveBack(second, 70);
    await scene.end(await scene.claimOnly(first.run.id), "TIMED_OUT");
    await scene.retry(first.run.id);
    const third = await scene.claimOnly(first.run.id);
    expect(third).toMatchObject({ limitedMs: 0, run: { executionMs: 100 } });
    await scene.giveBack(third, 5);
    expect((await scene.claimOnly(first.run.id)).limitedMs).toBe(5);
  },

  "B22 the next attempt after a back-off forgets what failed and keeps what is done": async (scene) => {
    const parent = await startWithSteps(scene);
    await scene.backOff(parent, scene.now + 10);
    expect(await memoOf(scene, parent.run.id)).toEqual(KEPT);
    await scene.advance(10);
    const claimed = (await scene.claim()).find(({ run }) => run.id === parent.run.id);
    expect(claimed?.run.attempt).toBe(2);
    expect(claimed?.tasks.map(({ id, ordinal }) => [id, ordinal])).toEqual([
      ["keep done", 1],
      ["keep successful child", 3],
      ["keep result", 5],
      ["keep unfinished child", 8],
    ]);
  },

  "B48 retry reopens the same run as its next attempt, with its finished steps": async (scene) => {
    const parent = await startWithSteps(scene);
    await scene.fail(parent);
    scene.pass(100);
    expect(await scene.retry(parent.run.id)).toEqual({ kind: "reopened" });
    expect(await scene.read(parent.run.id)).toMatchObject({
      status: "QUEUED",
      attempt: 2,
      completedAt: null,
      output: null,
      queuedAt: scene.now,
      startedAt: parent.run.startedAt,
    });
    expect(await memoOf(scene, parent.run.id)).toEqual(KEPT);
    expect(await scene.lifeOf(parent.run.id)).toEqual(["QUEUED", "EXECUTING", "FAILURE", "QUEUED"]);
  },

  "a child that fails after the parent backed off is forgotten by the attempt after that": async (scene) => {
    const parent = await scene.start();
    const childId = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.backOff(parent, scene.now);
    await scene.fail(await scene.claimOnly(childId));
    await scene.advance(0);
    const second = await scene.claimOnly(parent.run.id);
    expect(second.tasks.map(({ id }) => id)).toEqual(["c"]);
    await scene.backOff(second, scene.now);
    expect(await memoOf(scene, parent.run.id)).toEqual([]);
  },

  "B22 a new attempt forgets the items and refused signals around what failed, with their events in place": async (
    scene,
  ) => {
    for (const how of ["backOff", "retry"] as const) {
      const run = await scene.start();
      const branch = (id: string, ordinal: number) => task(id, { kind: "branch", ordinal, completedAt: scene.now });
      const steps = [
        failedTask("all/0/a", { ordinal: 1 }),
        branch("all/0", 2),
        task("all/1/a", { ordinal: 3 }),
        branch("all/1", 4),
        branch("all/10", 5),
        failedTask("s/~:parsed", { kind: "value", ordinal: 7 }),
        failedTask("t/a", { ordinal: 8 }),
        task("t", { ordinal: 9 }),
      ];
      await scene.store.sendSignal({ signal: { name: "s", id: null, payload: "1" }, now: scene.now });
      await scene.record(run, { tasks: [waitForSignal("s", { name: "s" }, { ordinal: 6 })] });
      for (const one of steps)
        await scene.record(run, { tasks: [one], events: [{ type: "task", at: scene.now, task: one }] });
      const told = await scene.store.readEvents({ runId: run.run.id, after: 0, limit: 100 });
      if (how === "backOff") await scene.backOff(run, scene.now + 10);
      else await scene.fail(run);
      if (how === "retry") await scene.retry(run.run.id);
      expect(await memoOf(scene, run.run.id)).toEqual(["all/1/a", "all/1", "all/10", "t"]);
      const events = await scene.store.readEvents({ runId: run.run.id, after: 0, limit: told.length });
      expect(events).toEqual(told);
    }
  },

  "B28 a wait that timed out is waited for again": async (scene) => {
    const child = await scene.start();
    const parent = await scene.start();
    const wait = waitForRuns("r", [child.run.id], { wakeAt: scene.now + 10 });
    await scene.park(parent, [wait]);
    await scene.advance(10);
    await scene.backOff(await scene.claimOnly(parent.run.id), scene.now);
    expect(await memoOf(scene, parent.run.id)).toEqual([]);
  },

  "B32 giving back, parking and crashes forget nothing": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { tasks: [failedTask("failed"), task("done", { ordinal: 2 })] });
    await scene.giveBack(run);
    await scene.park(await scene.claimOnly(run.run.id), [waitUntil("w", scene.now + 1, { ordinal: 3 })]);
    await scene.advance(1);
    await scene.claimOnly(run.run.id);
    await scene.reopen();
    await scene.recover();
    expect(await memoOf(scene, run.run.id)).toEqual(["failed", "done", "w"]);
  },

  "B48 a wait that was open when the run ended goes on when it is retried": async (scene) => {
    const run = await scene.start();
    const child = await scene.invoke({ jobId: "report" });
    const waits = [waitUntil("w", scene.now + 100), waitForRuns("r", [child], { ordinal: 2 })];
    await scene.record(run, { tasks: waits });
    await scene.fail(run);
    await scene.retry(run.run.id);
    const again = (await scene.claim()).find((claimed) => claimed.run.id === run.run.id);
    if (again === undefined) throw new Error("The run was to be claimed.");
    expect(again.tasks).toEqual(waits);
    await scene.settle({ claim: again.claim, ...NOTHING, kind: "park", taskIds: ["w", "r"] });
    await scene.advance(99);
    expect(await scene.statusOf(run.run.id)).toBe("WAITING");
    await scene.advance(1);
    expect((await scene.claimOnly(run.run.id)).tasks).toMatchObject([
      { id: "w", resolution: "due" },
      { id: "r", wait: {} },
    ]);
  },

  "B48 what an open wait waited for may come while the run is finished": async (scene) => {
    const child = await scene.start();
    const run = await scene.start();
    const signal = { name: "go", id: null, payload: "p" };
    await scene.record(run, {
      tasks: [
        waitUntil("w", scene.now + 10),
        waitForRuns("r", [child.run.id], { ordinal: 2 }),
        waitForSignal("s", { name: "go" }, { ordinal: 3 }),
      ],
    });
    await scene.cancel(run.run.id);
    await scene.succeed(child);
    await scene.store.sendSignal({ signal, now: scene.now });
    await scene.advance(10);
    await scene.retry(run.run.id);
    const again = await scene.claimOnly(run.run.id);
    expect(again.tasks.map(({ resolution }) => resolution)).toEqual(["due", "ended", "delivered"]);
  },

  "B48 every failed end can be retried": async (scene) => {
    const ends = ["FAILURE", "TIMED_OUT", "CANCELED"] as const;
    for (const end of ends) {
      const run = await scene.start();
      await (end === "CANCELED" ? scene.cancel(run.run.id) : scene.end(run, end, { error: "e" }));
      expect(await scene.retry(run.run.id)).toEqual({ kind: "reopened" });
      await scene.succeed(await scene.claimOnly(run.run.id));
      expect(await scene.read(run.run.id)).toMatchObject({ status: "SUCCESS", attempt: 2, error: null });
    }
  },

  "B48 an expired run that is retried may wait for its ttl again": async (scene) => {
    const id = await scene.invoke({ ttlMs: 10 });
    await scene.advance(10);
    expect(await scene.statusOf(id)).toBe("EXPIRED");
    expect(await scene.retry(id)).toEqual({ kind: "reopened" });
    expect(await scene.read(id)).toMatchObject({ queuedAt: scene.now, expiresAt: scene.now + 10 });
    await scene.claimOnly(id);
  },

  "B48 a run that did not fail is not retried": async (scene) => {
    const run = await scene.start();
    expect(await scene.retry(run.run.id)).toEqual({ kind: "refused", status: "EXECUTING" });
    await scene.succeed(run);
    expect(await scene.retry(run.run.id)).toEqual({ kind: "refused", status: "SUCCESS" });
    expect(await scene.retry("run_none")).toEqual({ kind: "not-found" });
    expect(await scene.statusOf(run.run.id)).toBe("SUCCESS");
  },

  "a claim from before the retry stays lost": async (scene) => {
    const first = await scene.start();
    await scene.fail(first);
    await scene.retry(first.run.id);
    expect(await scene.succeed(first)).toBe("lost");
    await scene.claimOnly(first.run.id);
    expect(await scene.succeed(first)).toBe("lost");
    expect(await scene.statusOf(first.run.id)).toBe("EXECUTING");
  },

  "what is told of the end that is undone stands between that end and the new start": async (scene) => {
    const run = await scene.start();
    const told = {
      type: "log",
      at: 7,
      taskId: null,
      level: "error",
      message: "it failed",
      data: '{"json":1}',
      scope: "s",
    } as const;
    const again = () => scene.store.retryRun({ runId: run.run.id, told, now: scene.now });
    expect(await again()).toMatchObject({ kind: "refused" });
    await scene.fail(run);
    expect(await again()).toEqual({ kind: "reopened" });
    const { scope, ...event } = told;
    const events = await scene.store.readEvents({ runId: run.run.id, after: 2, limit: 9 });
    expect(events).toMatchObject([
      { seq: 3, status: "FAILURE" },
      { seq: 4, ...event },
      { seq: 5, status: "QUEUED" },
    ]);
    expect((await scene.claimOnly(run.run.id)).logCounts).toEqual(new Map([[toLogKey({ scope, level: "error" }), 1]]));
    expect((await scene.read(run.run.id)).eventCount).toBe(6);
  },

  "a retried run that many ask for at once is opened once": async (scene) => {
    const run = await scene.start();
    await scene.fail(run);
    const peer = await scene.openPeer();
    const answers = await Promise.all(
      [scene.store, peer, scene.store].map((store) => store.retryRun({ runId: run.run.id, now: scene.now })),
    );
    expect(answers.filter(({ kind }) => kind === "reopened")).toHaveLength(1);
    expect((await scene.read(run.run.id)).attempt).toBe(2);
  },
};
