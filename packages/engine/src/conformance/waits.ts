import { expect } from "vitest";
import type { ClaimedRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { task, waitForRequest, waitForRuns, waitUntil } from "./task-records.ts";

const DAY_MS = 86_400_000;

/** A run with a child that is claimed, too; the parent is parked on the child's end. */
async function awaitChild(scene: Scene, wakeAt: number | null = null): Promise<{ parent: string; child: ClaimedRun }> {
  const parent = await scene.start();
  const childId = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
  const child = await scene.claimOnly(childId);
  await scene.park(parent, [waitForRuns("r", [childId], { ordinal: 2, wakeAt })]);
  return { parent: parent.run.id, child };
}

const ENDS: Readonly<Record<string, (scene: Scene, child: ClaimedRun) => Promise<unknown>>> = {
  SUCCESS: (scene, child) => scene.succeed(child),
  FAILURE: (scene, child) => scene.fail(child),
  TIMED_OUT: (scene, child) => scene.end(child, "TIMED_OUT"),
  CANCELED: (scene, child) => scene.cancel(child.run.id),
};

export const waitCases: Cases = {
  "B35 a wait is due at its instant, not before, and once": async (scene) => {
    for (const ms of [1_000, 7 * DAY_MS]) {
      const run = await scene.start();
      await scene.park(run, [waitUntil("w", scene.now + ms)]);
      await scene.advance(ms - 1);
      expect(await scene.statusOf(run.run.id)).toBe("WAITING");
      await scene.advance(1);
      expect(await scene.taskOf(run.run.id, "w")).toMatchObject({
        status: "SUCCESS",
        resolution: "due",
        completedAt: scene.now,
        wait: null,
        wakeAt: null,
        output: null,
      });
      const again = await scene.claimOnly(run.run.id);
      await scene.advance(1);
      expect(await scene.statusOf(run.run.id)).toBe("EXECUTING");
      await scene.succeed(again);
    }
  },

  "B35 a wait outlives every process": async (scene) => {
    const run = await scene.start();
    await scene.park(run, [waitUntil("w", scene.now + 7 * DAY_MS)]);
    await scene.reopen();
    await scene.recover();
    await scene.advance(7 * DAY_MS - 1);
    expect(await scene.statusOf(run.run.id)).toBe("WAITING");
    await scene.advance(1);
    expect((await scene.claimOnly(run.run.id, "worker-2")).tasks).toMatchObject([{ id: "w", resolution: "due" }]);
  },

  "a wait whose time has come is resolved as it is recorded": async (scene) => {
    const run = await scene.start();
    const outcome = await scene.record(run, {
      tasks: [waitUntil("w", scene.now), waitUntil("x", scene.now + 1, { ordinal: 2 })],
    });
    expect(outcome).toEqual({
      kind: "recorded",
      resolved: [
        waitUntil("w", scene.now, {
          status: "SUCCESS",
          resolution: "due",
          completedAt: scene.now,
          wait: null,
          wakeAt: null,
        }),
      ],
    });
    expect(await scene.taskOf(run.run.id, "x")).toEqual(waitUntil("x", scene.now + 1, { ordinal: 2 }));
  },

  "B34 after the pause before its next attempt a task is running, and not complete": async (scene) => {
    const run = await scene.start();
    const pause = { kind: "task", attempt: 2, error: "e" } as const;
    await scene.park(run, [waitUntil("t", scene.now + 10, pause)]);
    await scene.advance(10);
    expect(await scene.statusOf(run.run.id)).toBe("QUEUED");
    expect(await scene.taskOf(run.run.id, "t")).toMatchObject({
      kind: "task",
      status: "RUNNING",
      attempt: 2,
      completedAt: null,
      resolution: "due",
      wait: null,
      wakeAt: null,
    });
  },

  "B24 every end of a child wakes the parent that waits for it": async (scene) => {
    for (const [status, end] of Object.entries(ENDS)) {
      const { parent, child } = await awaitChild(scene);
      await end(scene, child);
      expect(await scene.statusOf(child.run.id)).toBe(status);
      expect(await scene.taskOf(parent, "r")).toMatchObject({
        status: "SUCCESS",
        resolution: "ended",
        completedAt: scene.now,
      });
      await scene.succeed(await scene.claimOnly(parent));
    }
  },

  "B24 the expiry of a child wakes its parent": async (scene) => {
    const parent = await scene.start();
    const child = await scene.invoke({ ttlMs: 10 }, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.park(parent, [waitForRuns("r", [child], { ordinal: 2 })]);
    await scene.advance(10);
    expect([await scene.statusOf(child), await scene.statusOf(parent.run.id)]).toEqual(["EXPIRED", "QUEUED"]);
  },

  "B24 a poisoned child wakes its parent": async (scene) => {
    await scene.openWorker("doomed");
    const parent = await scene.start();
    const child = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.claimOnly(child, "doomed");
    await scene.park(parent, [waitForRuns("r", [child], { ordinal: 2 })]);
    await scene.killWorker("doomed");
    await scene.recover(1);
    expect([await scene.statusOf(child), await scene.statusOf(parent.run.id)]).toEqual(["FAILURE", "QUEUED"]);
  },

  "B25 a wait for runs that have ended already is resolved as it is recorded": async (scene) => {
    const parent = await scene.start();
    const child = await scene.start();
    await scene.fail(child);
    const outcome = await scene.record(parent, { tasks: [waitForRuns("r", [child.run.id])] });
    expect(outcome).toMatchObject({
      kind: "recorded",
      resolved: [{ id: "r", status: "SUCCESS", resolution: "ended" }],
    });
  },

  "B31 a wait for several runs is open until all of them have ended, also when some have already": async (scene) => {
    const [ended, running] = [await scene.start(), await scene.start()];
    await scene.succeed(ended);
    const parent = await scene.start();
    const outcome = await scene.record(parent, { tasks: [waitForRuns("r", [ended.run.id, running.run.id])] });
    expect(outcome).toEqual({ kind: "recorded", resolved: [] });
  },

  "a parked run is not woken by a step that it is not parked on": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { tasks: [waitUntil("abandoned", scene.now + 5)] });
    await scene.park(run, [waitUntil("w", scene.now + 10, { ordinal: 2 })]);
    await scene.advance(5);
    expect(await scene.taskOf(run.run.id, "abandoned")).toMatchObject({ status: "SUCCESS", resolution: "due" });
    expect(await scene.statusOf(run.run.id)).toBe("WAITING");
    await scene.advance(5);
    expect(await scene.lifeOf(run.run.id)).toEqual(["QUEUED", "EXECUTING", "WAITING", "QUEUED"]);
  },

  "B25 two parents may wait for one child": async (scene) => {
    const child = await scene.start();
    const parents = [await scene.start(), await scene.start()];
    for (const parent of parents) await scene.park(parent, [waitForRuns("r", [child.run.id])]);
    await scene.succeed(child);
    expect(await scene.claimIds()).toEqual(parents.map(({ run }) => run.id));
  },

  "B31 a wait for several runs is over with the last of them": async (scene) => {
    const children = [await scene.start(), await scene.start(), await scene.start()];
    const parent = await scene.start();
    const ids = children.map(({ run }) => run.id);
    await scene.park(parent, [waitForRuns("r", ids)]);
    expect(await scene.store.readAwaitedRuns(parent.run.id)).toEqual(expect.arrayContaining(ids));
    for (const child of children) {
      expect(await scene.statusOf(parent.run.id)).toBe("WAITING");
      await scene.succeed(child);
    }
    expect(await scene.statusOf(parent.run.id)).toBe("QUEUED");
  },

  "B36 a run that is parked on several waits goes on with the first that is resolved": async (scene) => {
    const child = await scene.start();
    const parent = await scene.start();
    await scene.park(parent, [waitUntil("w", scene.now + 10), waitForRuns("r", [child.run.id], { ordinal: 2 })]);
    await scene.succeed(child);
    const again = await scene.claimOnly(parent.run.id);
    expect(again.tasks.map(({ id, status }) => [id, status])).toEqual([
      ["w", "WAITING"],
      ["r", "SUCCESS"],
    ]);
    await scene.advance(10);
    expect(await scene.taskOf(parent.run.id, "w")).toMatchObject({ status: "SUCCESS", resolution: "due" });
    expect(await scene.statusOf(parent.run.id)).toBe("EXECUTING");
  },

  "B27 a parent whose processes died while it waited goes on with the child's end, once": async (scene) => {
    const { parent, child } = await awaitChild(scene);
    await scene.reopen();
    await scene.recover();
    await scene.succeed(await scene.claimOnly(child.run.id, "worker-2"));
    await scene.succeed(await scene.claimOnly(parent, "worker-2"));
    expect(await scene.lifeOf(parent)).toEqual(["QUEUED", "EXECUTING", "WAITING", "QUEUED", "EXECUTING", "SUCCESS"]);
  },

  "B28 a wait that times out is a failed step, and the child's end then wakes nobody": async (scene) => {
    const { parent, child } = await awaitChild(scene, scene.now + 50);
    await scene.advance(50);
    expect(await scene.taskOf(parent, "r")).toMatchObject({
      status: "FAILURE",
      resolution: "timed-out",
      completedAt: scene.now,
      wait: null,
      wakeAt: null,
    });
    const again = await scene.claimOnly(parent);
    await scene.park(again, [waitUntil("w", scene.now + 50, { ordinal: 3 })]);
    await scene.succeed(child);
    expect(await scene.statusOf(parent)).toBe("WAITING");
    expect(await scene.taskOf(parent, "r")).toMatchObject({ status: "FAILURE", resolution: "timed-out" });
  },

  "B28 a wait that was resolved in time does not time out": async (scene) => {
    const { parent, child } = await awaitChild(scene, scene.now + 50);
    await scene.succeed(child);
    await scene.advance(50);
    expect(await scene.taskOf(parent, "r")).toMatchObject({ status: "SUCCESS", resolution: "ended" });
  },

  "a woken run keeps its place in the queue": async (scene) => {
    const { parent, child } = await awaitChild(scene);
    scene.pass(10);
    const newcomer = await scene.invoke();
    await scene.succeed(child);
    expect(await scene.claimIds()).toEqual([parent, newcomer]);
  },

  "a request is answered once, by its token": async (scene) => {
    const run = await scene.start();
    await scene.park(run, [waitForRequest("q", "token-1")]);
    const answer = (token: string) => scene.store.completeRequest({ token, body: '{"json":"yes"}', now: scene.now });
    const areAwaited = () => Promise.all(["token-1", "token-2"].map((token) => scene.store.awaitsRequest(token)));
    expect(await areAwaited()).toEqual([true, false]);
    expect(await answer("token-2")).toBe("not-found");
    expect(await answer("token-1")).toBe("delivered");
    expect(await answer("token-1")).toBe("not-found");
    expect(await areAwaited()).toEqual([false, false]);
    expect(await scene.taskOf(run.run.id, "q")).toMatchObject({
      status: "SUCCESS",
      resolution: "delivered",
      output: '{"json":"yes"}',
    });
    expect(await scene.statusOf(run.run.id)).toBe("QUEUED");
  },

  "a request of a run that has ended is not found": async (scene) => {
    const run = await scene.start();
    await scene.park(run, [waitForRequest("q", "token-1")]);
    await scene.cancel(run.run.id);
    expect(await scene.store.awaitsRequest("token-1")).toBe(false);
    expect(await scene.store.completeRequest({ token: "token-1", body: "b", now: scene.now })).toBe("not-found");
  },

  "the waits of a run that has ended are over": async (scene) => {
    const { parent, child } = await awaitChild(scene, scene.now + 50);
    await scene.store.cancelRun({ runId: parent, now: scene.now });
    expect(await scene.advance(100)).toEqual({ nextAt: null });
    expect(await scene.store.readAwaitedRuns(parent)).toEqual([]);
    expect(await scene.lifeOf(parent)).toEqual(["QUEUED", "EXECUTING", "WAITING", "CANCELED"]);
    expect(await scene.statusOf(child.run.id)).toBe("CANCELED");
  },

  "B26 the runs that a run waits for are those that have not ended": async (scene) => {
    const [first, second] = [await scene.start(), await scene.start()];
    const parent = await scene.start();
    await scene.park(parent, [waitForRuns("r", [first.run.id, second.run.id])]);
    await scene.succeed(first);
    expect(await scene.store.readAwaitedRuns(parent.run.id)).toEqual([second.run.id]);
    expect(await scene.store.readAwaitedRuns(second.run.id)).toEqual([]);
  },
};
