import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";

const MINUTE = 60_000;

/** A run that is claimed after `queuedMs` and ends after `ms` more. */
async function runFor(scene: Scene, ms: number, { queuedMs = 0, jobId = "mail" } = {}): Promise<void> {
  const runId = await scene.invoke({ jobId });
  scene.pass(queuedMs);
  const claimed = await scene.claimOnly(runId);
  scene.pass(ms);
  await scene.succeed(claimed);
}

export const activityCases: Cases = {
  "runs are counted in the stretch they ended in, by job, status and class of duration": async (scene) => {
    const start = Math.ceil(scene.now / MINUTE) * MINUTE;
    scene.pass(start - scene.now);
    await runFor(scene, 10, { queuedMs: 5 });
    await runFor(scene, 10, { queuedMs: 7 });
    await runFor(scene, 10, { jobId: "report" });
    scene.pass(MINUTE);
    await runFor(scene, 10);
    const counts = await scene.store.countEnded({ from: start, to: start + 2 * MINUTE, stretchMs: MINUTE });
    // Four classes to each doubling: 4 × log2(11) is 13.8.
    const same = { status: "SUCCESS", durationClass: 13 };
    expect(counts).toHaveLength(3);
    expect(counts).toEqual(
      expect.arrayContaining([
        { ...same, from: start, jobId: "mail", count: 2, queuedMs: 12 },
        { ...same, from: start, jobId: "report", count: 1, queuedMs: 0 },
        { ...same, from: start + MINUTE, jobId: "mail", count: 1, queuedMs: 0 },
      ]),
    );
  },

  "a run that never started is counted with no duration": async (scene) => {
    const runId = await scene.invoke();
    await scene.cancel(runId);
    const counts = await scene.store.countEnded({ from: scene.now, to: scene.now + 1, stretchMs: 1 });
    expect(counts).toEqual([
      { from: scene.now, jobId: "mail", status: "CANCELED", durationClass: 0, count: 1, queuedMs: 0 },
    ]);
  },

  "runs that ended outside of the asked time are not counted": async (scene) => {
    await runFor(scene, 10);
    expect(await scene.store.countEnded({ from: scene.now + 1, to: scene.now + 9, stretchMs: 1 })).toEqual([]);
    expect(await scene.store.countEnded({ from: 0, to: scene.now, stretchMs: scene.now })).toEqual([]);
  },

  "limits tell how many places are taken and how many runs wait for one": async (scene) => {
    await scene.invokeMany(4, { limit: { id: "printer", max: 1 } });
    await scene.invoke({ limit: { id: "scanner", max: 5 } });
    const limits = await scene.store.listLimits({ limit: 10, countTo: 100 });
    expect(limits.toSorted((one, other) => (one.id < other.id ? -1 : 1))).toEqual([
      { id: "printer", max: 1, taken: 1, waiting: 3 },
      { id: "scanner", max: 5, taken: 1, waiting: 0 },
    ]);
    expect(await scene.store.listLimits({ limit: 1, countTo: 2 })).toHaveLength(1);
  },

  "counting who waits for a limit stops where it is told to": async (scene) => {
    await scene.invokeMany(9, { limit: { id: "printer", max: 1 } });
    const [limit] = await scene.store.listLimits({ limit: 1, countTo: 5 });
    expect(limit?.waiting).toBe(5);
  },
};
