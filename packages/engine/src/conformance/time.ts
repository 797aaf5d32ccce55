import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import { waitForSignal, waitUntil } from "./task-records.ts";

const DAY_MS = 86_400_000;

export const timeCases: Cases = {
  "B42 a delayed run is QUEUED at its instant, not before": async (scene) => {
    const id = await scene.invoke({ startAt: scene.now + 1_000 });
    await scene.advance(999);
    expect(await scene.statusOf(id)).toBe("DELAYED");
    await scene.advance(1);
    expect(await scene.read(id)).toMatchObject({ status: "QUEUED", wakeAt: null, queuedAt: scene.now });
    await scene.claimOnly(id);
  },

  "B41 a delayed run has the place of its instant, however late the store is told": async (scene) => {
    const dueAt = scene.now + 1_000;
    const delayed = await scene.invoke({ startAt: dueAt, ttlMs: DAY_MS });
    scene.pass(5_000);
    const newcomer = await scene.invoke();
    await scene.advance(0);
    expect(await scene.read(delayed)).toMatchObject({ queuedAt: dueAt, expiresAt: dueAt + DAY_MS });
    expect(await scene.claimIds()).toEqual([delayed, newcomer]);
  },

  "B42 a run that was not started within its ttl is EXPIRED": async (scene) => {
    const id = await scene.invoke({ ttlMs: 1_000 });
    await scene.advance(999);
    expect(await scene.statusOf(id)).toBe("QUEUED");
    await scene.advance(1);
    expect(await scene.read(id)).toMatchObject({
      status: "EXPIRED",
      completedAt: scene.now,
      startedAt: null,
      output: null,
    });
    expect(await scene.claim()).toEqual([]);
  },

  "B42 a run that has started does not expire": async (scene) => {
    const run = await scene.start({ ttlMs: 1_000 });
    await scene.advance(2_000);
    expect(await scene.statusOf(run.run.id)).toBe("EXECUTING");
    await scene.giveBack(run);
    await scene.advance(2_000);
    await scene.claimOnly(run.run.id);
  },

  "B42 nor one that is opened again, be it in the instant in which it was made": async (scene) => {
    const run = await scene.start({ ttlMs: 1_000 });
    await scene.fail(run);
    await scene.store.retryRun({ runId: run.run.id, now: scene.now });
    expect(await scene.read(run.run.id)).toMatchObject({ status: "QUEUED", expiresAt: null });
  },

  "B42 a run without a ttl may wait for ever": async (scene) => {
    const limit = { id: "job:mail", max: 1 };
    const running = await scene.start({ limit });
    const waiting = await scene.invoke({ limit });
    expect(await scene.advance(400 * DAY_MS)).toEqual({ nextAt: null });
    await scene.succeed(running);
    await scene.claimOnly(waiting);
  },

  "B42 a run that is held back expires too": async (scene) => {
    const limit = { id: "job:mail", max: 1 };
    await scene.start({ limit });
    const held = await scene.invoke({ limit, ttlMs: 10 });
    await scene.store.setJobPaused({ jobId: "report", isPaused: true, now: scene.now });
    const paused = await scene.invoke({ jobId: "report", ttlMs: 10 });
    await scene.advance(10);
    expect([await scene.statusOf(held), await scene.statusOf(paused)]).toEqual(["EXPIRED", "EXPIRED"]);
  },

  "the store says when something becomes due next": async (scene) => {
    const start = scene.now;
    expect(await scene.advance(0)).toEqual({ nextAt: null });
    const waiting = await scene.start();
    await scene.park(waiting, [
      waitUntil("w", start + 40),
      waitForSignal("s", { name: "go" }, { ordinal: 2, wakeAt: start + 50 }),
    ]);
    await scene.invoke({ startAt: start + 30 });
    const expiring = await scene.invoke({ ttlMs: 20 });
    expect(await scene.advance(0)).toEqual({ nextAt: start + 20 });
    await scene.claimOnly(expiring);
    expect(await scene.advance(0)).toEqual({ nextAt: start + 30 });
    expect(await scene.advance(30)).toEqual({ nextAt: start + 40 });
    expect(await scene.advance(10)).toEqual({ nextAt: start + 50 });
    expect(await scene.advance(10)).toEqual({ nextAt: null });
  },

  "no more than `limit` is done at once, and the rest is due at once": async (scene) => {
    const delayed = [];
    for (let index = 0; index < 5; index += 1) delayed.push(await scene.invoke({ startAt: scene.now + 10 }));
    scene.pass(10);
    const advance = () => scene.store.advanceTime({ now: scene.now, limit: 2 });
    const first = await advance();
    expect(first.nextAt).toBeLessThanOrEqual(scene.now);
    expect((await scene.store.listRuns({ statuses: ["QUEUED"], limit: 10 })).length).toBe(2);
    expect((await advance()).nextAt).toBeLessThanOrEqual(scene.now);
    expect(await advance()).toEqual({ nextAt: null });
    expect(await scene.claimIds()).toEqual(delayed);
  },

  "what was due first is done first, when the store is told late": async (scene) => {
    const late = await scene.invoke({ startAt: scene.now + 20 });
    const early = await scene.invoke({ startAt: scene.now + 10 });
    const run = await scene.start();
    await scene.park(run, [waitUntil("late", scene.now + 20), waitUntil("early", scene.now + 10, { ordinal: 2 })]);
    scene.pass(20);
    await scene.store.advanceTime({ now: scene.now, limit: 1 });
    expect([await scene.statusOf(early), await scene.statusOf(late)]).toEqual(["QUEUED", "DELAYED"]);
    await scene.advance(0);
    const told = await scene.store.readEvents({ runId: run.run.id, after: 0, limit: 10, type: "task" });
    expect(told.map((event) => (event.type === "task" ? event.taskId : null))).toEqual(["early", "late"]);
  },

  "what is due is done once, by however many": async (scene) => {
    const peer = await scene.openPeer();
    const id = await scene.invoke({ startAt: scene.now + 10 });
    const run = await scene.start();
    await scene.park(run, [waitUntil("w", scene.now + 10)]);
    scene.pass(10);
    await Promise.all(
      [scene.store, peer, scene.store, peer].map((store) => store.advanceTime({ now: scene.now, limit: 10 })),
    );
    expect(await scene.lifeOf(id)).toEqual(["DELAYED", "QUEUED"]);
    expect(await scene.lifeOf(run.run.id)).toEqual(["QUEUED", "EXECUTING", "WAITING", "QUEUED"]);
  },

  "B42 delays and waits of the past are made up for after every process has died": async (scene) => {
    const delayed = await scene.invoke({ startAt: scene.now + 10 });
    const expiring = await scene.invoke({ ttlMs: 20 });
    scene.pass(DAY_MS);
    await scene.reopen();
    await scene.advance(0);
    expect([await scene.statusOf(delayed), await scene.statusOf(expiring)]).toEqual(["QUEUED", "EXPIRED"]);
  },
};
