import { expect } from "vitest";
import type { ClaimedRun, NewRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { task, waitForRuns, waitUntil } from "./task-records.ts";

/** A child of an executing run. */
function invokeChild(scene: Scene, parent: ClaimedRun, fields: Partial<NewRun> = {}): Promise<string> {
  const run = scene.newRun(fields);
  return scene.invoke(run, { claim: parent.claim, steps: [task(`child ${run.id}`, { kind: "child" })] });
}

export const cancelCases: Cases = {
  "B29 a run is canceled wherever it is in its life": async (scene) => {
    const delayed = await scene.invoke({ startAt: scene.now + 10 });
    const executing = await scene.start();
    const waiting = await scene.start();
    await scene.park(waiting, [waitUntil("w", scene.now + 10)]);
    const queued = await scene.invoke();
    for (const id of [delayed, queued, executing.run.id, waiting.run.id]) {
      expect(await scene.cancel(id)).toEqual({ kind: "canceled", runIds: [id] });
      expect(await scene.read(id)).toMatchObject({
        wakeAt: null,
        status: "CANCELED",
        completedAt: scene.now,
        hold: null,
        output: null,
      });
    }
    expect(await scene.claim()).toEqual([]);
    expect(await scene.advance(10)).toEqual({ nextAt: null });
  },

  "B29 a finished run cannot be canceled and keeps its status": async (scene) => {
    const run = await scene.start();
    await scene.succeed(run);
    const before = await scene.read(run.run.id);
    expect(await scene.cancel(run.run.id)).toEqual({ kind: "finished", status: "SUCCESS" });
    expect(await scene.read(run.run.id)).toEqual(before);
    const canceled = await scene.invoke();
    await scene.cancel(canceled);
    expect(await scene.cancel(canceled)).toEqual({ kind: "finished", status: "CANCELED" });
  },

  "a run that is not there is not found": async (scene) => {
    expect(await scene.cancel("run_none")).toEqual({ kind: "not-found" });
  },

  "B43 the claim of a canceled run is lost at once": async (scene) => {
    const run = await scene.start();
    await scene.cancel(run.run.id);
    expect(await scene.store.findLostClaims([run.claim])).toEqual([{ claim: run.claim, status: "CANCELED" }]);
    expect(await scene.record(run, { tasks: [task("late")] })).toEqual({ kind: "lost" });
  },

  "B29 canceling a parent cancels every unfinished run that it made, down the tree": async (scene) => {
    const parent = await scene.start();
    const child = await scene.claimOnly(await invokeChild(scene, parent));
    const grandchild = await invokeChild(scene, child);
    const delayed = await invokeChild(scene, parent, { startAt: scene.now + 10 });
    const stranger = await scene.invoke();
    const answer = await scene.cancel(parent.run.id);
    const tree = [parent.run.id, child.run.id, grandchild, delayed];
    expect(answer).toMatchObject({ kind: "canceled" });
    expect(new Set(answer.kind === "canceled" ? answer.runIds : [])).toEqual(new Set(tree));
    for (const id of tree) expect(await scene.statusOf(id)).toBe("CANCELED");
    expect(await scene.statusOf(stranger)).toBe("QUEUED");
  },

  "B29 finished children keep their status, and what they left running is canceled": async (scene) => {
    const parent = await scene.start();
    const child = await scene.claimOnly(await invokeChild(scene, parent));
    const grandchild = await invokeChild(scene, child);
    await scene.succeed(child);
    expect(await scene.cancel(parent.run.id)).toMatchObject({ kind: "canceled" });
    expect([await scene.statusOf(child.run.id), await scene.statusOf(grandchild)]).toEqual(["SUCCESS", "CANCELED"]);
  },

  "B29 detached children and what they made are left alone": async (scene) => {
    const parent = await scene.start();
    const detached = await scene.claimOnly(await invokeChild(scene, parent, { isDetached: true }));
    const grandchild = await invokeChild(scene, detached);
    await scene.cancel(parent.run.id);
    expect([await scene.statusOf(detached.run.id), await scene.statusOf(grandchild)]).toEqual(["EXECUTING", "QUEUED"]);
  },

  "B29 a run that was adopted by its key is left alone": async (scene) => {
    const idempotency = { key: "k", digest: "d", expiresAt: scene.now + 1_000 };
    const shared = await scene.invoke({ idempotency });
    await scene.claimOnly(shared);
    const parent = await scene.start();
    expect(await invokeChild(scene, parent, { idempotency })).toBe(shared);
    expect(await scene.cancel(parent.run.id)).toEqual({ kind: "canceled", runIds: [parent.run.id] });
    expect(await scene.statusOf(shared)).toBe("EXECUTING");
  },

  "B29 a parent that ends by itself cancels nothing": async (scene) => {
    for (const status of ["SUCCESS", "FAILURE", "TIMED_OUT"] as const) {
      const parent = await scene.start();
      const child = await invokeChild(scene, parent);
      await scene.end(parent, status);
      expect(await scene.statusOf(child)).toBe("QUEUED");
      await scene.cancel(child);
    }
  },

  "canceling a parked parent does not wake it for the end of its children": async (scene) => {
    const parent = await scene.start();
    const child = await invokeChild(scene, parent);
    await scene.park(parent, [waitForRuns("r", [child], { ordinal: 99 })]);
    await scene.cancel(parent.run.id);
    expect(await scene.lifeOf(parent.run.id)).toEqual(["QUEUED", "EXECUTING", "WAITING", "CANCELED"]);
  },

  "however cancel and settlement meet, one of them decides": async (scene) => {
    const peer = await scene.openPeer();
    for (let round = 0; round < 10; round += 1) {
      const run = await scene.start();
      const cancel = () => peer.cancelRun({ runId: run.run.id, now: scene.now });
      const acts = round % 2 === 0 ? [cancel, () => scene.succeed(run)] : [() => scene.succeed(run), cancel];
      const answers = await Promise.all(acts.map((act) => act()));
      const isCanceled = (await scene.statusOf(run.run.id)) === "CANCELED";
      expect(answers).toContainEqual(isCanceled ? "lost" : { kind: "finished", status: "SUCCESS" });
      expect(await scene.lifeOf(run.run.id)).toHaveLength(3);
    }
  },
};
