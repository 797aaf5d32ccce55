import { expect } from "vitest";
import type { ClaimedRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";

const ONE = { limit: { id: "job:mail", max: 1 } };

/** Two runs of a limit of one: the first executes, the second waits for its place. */
async function startFirst(scene: Scene): Promise<{ running: ClaimedRun; next: string }> {
  const running = await scene.start(ONE);
  return { running, next: await scene.invoke(ONE) };
}

/** Functions that go on though their run has ended: the place of a limit is theirs until they have settled. */
export const lingeringCases: Cases = {
  "B43 nor is it freed by a time-out that comes after the cancel, while the function runs": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.cancel(running.run.id);
    expect(await scene.end(running, "TIMED_OUT", { error: "e", isStillRunning: true })).toBe("lost");
    expect(await scene.claim()).toEqual([]);
    await scene.store.releaseRuns({ claims: [running.claim], now: scene.now });
    await scene.claimOnly(next);
  },

  "B43 a canceled run's place stays taken until its function has settled": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.cancel(running.run.id);
    expect(await scene.statusOf(running.run.id)).toBe("CANCELED");
    expect(await scene.claim()).toEqual([]);
    expect(await scene.store.readQueueFacts(next)).toMatchObject({ limit: { taken: 1, heldBy: [running.run.id] } });
    await scene.store.releaseRuns({ claims: [running.claim], now: scene.now });
    await scene.claimOnly(next);
  },

  "B43 the late settlement of a canceled run is refused, and frees its place": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.cancel(running.run.id);
    expect(await scene.succeed(running)).toBe("lost");
    expect(await scene.statusOf(running.run.id)).toBe("CANCELED");
    await scene.claimOnly(next);
  },

  "B43 a run that timed out keeps its place while its function runs": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.end(running, "TIMED_OUT", { error: "e", isStillRunning: true });
    expect(await scene.statusOf(running.run.id)).toBe("TIMED_OUT");
    expect(await scene.claim()).toEqual([]);
    await scene.store.releaseRuns({ claims: [running.claim], now: scene.now });
    await scene.claimOnly(next);
  },

  "a run that ended with its function frees its place at once": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.end(running, "TIMED_OUT");
    const second = await scene.claimOnly(next);
    const third = await scene.invoke(ONE);
    await scene.store.releaseRuns({ claims: [running.claim], now: scene.now });
    expect(await scene.claim()).toEqual([]);
    await scene.succeed(second);
    await scene.claimOnly(third);
  },

  "one function that has settled frees one place": async (scene) => {
    const limit = { id: "job:mail", max: 2 };
    const [first, second] = [await scene.start({ limit }), await scene.start({ limit })];
    const waiting = await scene.invokeMany(2, { limit });
    await scene.cancel(first.run.id);
    await scene.cancel(second.run.id);
    await scene.store.releaseRuns({ claims: [second.claim], now: scene.now });
    await scene.claimOnly(waiting[0] ?? "");
    expect(await scene.succeed(first)).toBe("lost");
    await scene.claimOnly(waiting[1] ?? "");
  },

  "a place is freed once, however often it is told": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.cancel(running.run.id);
    await scene.store.releaseRuns({ claims: [running.claim, running.claim], now: scene.now });
    await scene.succeed(running);
    await scene.invoke(ONE);
    await scene.claimOnly(next);
  },

  "the places of a dead worker's functions are free once it is taken over": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.openWorker("worker-2");
    await scene.cancel(running.run.id);
    await scene.killWorker("worker-1");
    expect(await scene.claim({ workerId: "worker-2" })).toEqual([]);
    expect(await scene.recover()).toEqual({ requeued: 0, poisoned: 0 });
    await scene.claimOnly(next, "worker-2");
  },

  "the places of a closed worker's functions are free": async (scene) => {
    const { running, next } = await startFirst(scene);
    await scene.openWorker("worker-2");
    await scene.cancel(running.run.id);
    await scene.store.closeWorker({ workerId: "worker-1", now: scene.now });
    await scene.claimOnly(next, "worker-2");
  },

  "a run that is retried while its first function still runs takes a place of its own": async (scene) => {
    await scene.openWorker("worker-1", [{ id: "mail", name: "mail", version: "1.0.0", isEnabled: true, ...ONE }]);
    const running = await scene.start(ONE);
    await scene.cancel(running.run.id);
    expect(await scene.retry(running.run.id)).toEqual({ kind: "reopened" });
    expect(await scene.claim()).toEqual([]);
    await scene.store.releaseRuns({ claims: [running.claim], now: scene.now });
    const again = await scene.claimOnly(running.run.id);
    expect(await scene.succeed(running)).toBe("lost");
    await scene.invoke(ONE);
    expect(await scene.claim()).toEqual([]);
    expect(await scene.succeed(again)).toBe("settled");
  },

  "without a limit there is nothing to keep": async (scene) => {
    const running = await scene.start();
    await scene.cancel(running.run.id);
    await scene.store.releaseRuns({ claims: [running.claim], now: scene.now });
    expect(await scene.store.readQueueFacts(running.run.id)).toMatchObject({ limit: null });
  },
};
