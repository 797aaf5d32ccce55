import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { waitUntil } from "./task-records.ts";

async function setPaused(scene: Scene, isPaused: boolean, jobId = "mail"): Promise<void> {
  await scene.store.setJobPaused({ jobId, isPaused, now: scene.now });
}

async function holdOf(scene: Scene, id: string): Promise<string | null> {
  return (await scene.read(id)).hold;
}

export const pauseCases: Cases = {
  "B41 no run of a paused job is claimed until it goes on, and other jobs do not notice": async (scene) => {
    const before = await scene.invoke();
    await setPaused(scene, true);
    const after = await scene.invoke();
    const other = await scene.invoke({ jobId: "report" });
    expect([await holdOf(scene, before), await holdOf(scene, after)]).toEqual(["paused", "paused"]);
    expect(await scene.claimIds()).toEqual([other]);
    await setPaused(scene, false);
    expect(await scene.claimIds()).toEqual([before, after]);
  },

  "runs that execute go on": async (scene) => {
    const run = await scene.start();
    await setPaused(scene, true);
    expect(await scene.succeed(run)).toBe("settled");
  },

  "runs that come back to a paused job are held": async (scene) => {
    const woken = await scene.start();
    await scene.park(woken, [waitUntil("w", scene.now + 10)]);
    const given = await scene.start();
    const delayed = await scene.invoke({ startAt: scene.now + 10 });
    await setPaused(scene, true);
    await scene.giveBack(given);
    await scene.advance(10);
    for (const id of [woken.run.id, given.run.id, delayed]) expect(await holdOf(scene, id)).toBe("paused");
    await setPaused(scene, false);
    expect(await scene.claimIds()).toEqual([woken.run.id, given.run.id, delayed]);
  },

  "B40 a paused job gives the places of a shared limit to others, and takes its turn again": async (scene) => {
    const limit = { id: "shared:db", max: 1 };
    const paused = await scene.invoke({ limit, priority: 1 });
    const other = await scene.invoke({ jobId: "report", limit });
    const last = await scene.invoke({ jobId: "report", limit });
    await setPaused(scene, true);
    expect([await holdOf(scene, paused), await holdOf(scene, other)]).toEqual(["paused", null]);
    const running = await scene.claimOnly(other);
    await setPaused(scene, false);
    expect(await holdOf(scene, paused)).toBe("limit");
    await scene.succeed(running);
    expect([await holdOf(scene, paused), await holdOf(scene, last)]).toEqual([null, "limit"]);
  },

  "a pause holds over the death of every process": async (scene) => {
    await setPaused(scene, true);
    const id = await scene.invoke();
    await scene.reopen();
    expect(await scene.claim({ workerId: "worker-2" })).toEqual([]);
    expect(await scene.store.readQueueFacts(id)).toMatchObject({ isPaused: true });
    expect(await scene.store.listJobFacts()).toContainEqual(expect.objectContaining({ id: "mail", isPaused: true }));
    await setPaused(scene, false);
    await scene.claimOnly(id, "worker-2");
  },

  "pausing or resuming twice is as once": async (scene) => {
    const id = await scene.invoke();
    await setPaused(scene, false);
    await setPaused(scene, true);
    await setPaused(scene, true);
    expect(await scene.claim()).toEqual([]);
    await setPaused(scene, false);
    await setPaused(scene, false);
    await scene.claimOnly(id);
    expect(await scene.lifeOf(id)).toEqual(["QUEUED", "EXECUTING"]);
  },
};
