import { expect } from "vitest";
import type { ClaimedRun, TaskRecord } from "../store/records.ts";
import { toTaskEvent } from "../store/task-event.ts";
import { auditLives } from "./audit-lives.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { failedTask, task, waitUntil } from "./task-records.ts";

/** A step that began and ended at that instant, and the event of its end. */
function ended(id: string, at: number, fields: Partial<TaskRecord> = {}) {
  const record = task(id, { startedAt: at, completedAt: at, ...fields });
  return { record, event: { type: "task", at, task: record } as const };
}

/** Writes each step together with its event, one write after the other. */
async function recordEnds(scene: Scene, run: ClaimedRun, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const { record, event } = ended(id, scene.now);
    expect(await scene.record(run, { tasks: [record], events: [event] })).toEqual({ kind: "recorded", resolved: [] });
  }
}

async function namesOf(scene: Scene, runId: string, after = 0): Promise<readonly string[]> {
  const events = await scene.store.readEvents({ runId, after, limit: 1_000 });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => after + index + 1));
  return events.map((event) => {
    if (event.type === "status") return event.status;
    return event.type === "task" ? event.taskId : event.type;
  });
}

const LOG = { type: "log", at: 1, taskId: null, level: "info", message: "m", data: null, scope: "run/1" } as const;

/** Steps that begin and end in one write, as most do: a store may keep their events in any way. */
export const toldStepCases: Cases = {
  "the end of a step is an event, with its time, while the run executes and after": async (scene) => {
    const run = await scene.start();
    const { record, event } = ended("a", scene.now + 5);
    await scene.record(run, { tasks: [record], events: [event] });
    const told = [{ seq: 3, ...toTaskEvent(record, scene.now + 5) }];
    expect(await scene.store.readEvents({ runId: run.run.id, after: 2, limit: 9 })).toEqual(told);
    expect((await scene.read(run.run.id)).eventCount).toBe(3);
    await scene.succeed(run);
    expect(await scene.store.readEvents({ runId: run.run.id, after: 0, limit: 9, type: "task" })).toEqual(told);
    expect(await scene.store.readEvents({ runId: run.run.id, after: 2, limit: 1 })).toEqual(told);
    expect((await scene.read(run.run.id)).eventCount).toBe(4);
    await auditLives(scene.store);
  },

  "ends of steps and what else happens count on together": async (scene) => {
    const run = await scene.start();
    await recordEnds(scene, run, ["a", "b"]);
    await scene.record(run, { events: [LOG] });
    const [one, other] = [ended("c", scene.now), ended("d", scene.now)];
    await scene.record(run, { tasks: [other.record, one.record], events: [one.event, LOG, other.event] });
    await recordEnds(scene, run, ["e"]);
    await scene.settle({ claim: run.claim, executedMs: 0, events: [LOG], statuses: [], kind: "give-back" });
    const life = ["QUEUED", "EXECUTING", "a", "b", "log", "c", "log", "d", "e", "log", "QUEUED"];
    expect(await namesOf(scene, run.run.id)).toEqual(life);
    expect(await namesOf(scene, run.run.id, 6)).toEqual(life.slice(6));
    await auditLives(scene.store);
  },

  "a step that was written before it ended is told about twice": async (scene) => {
    const run = await scene.start();
    const begun = task("a", { status: "RUNNING", output: null });
    await scene.record(run, { tasks: [begun], events: [{ type: "task", at: scene.now, task: begun }] });
    const [one, other] = [ended("b", scene.now, { ordinal: 2 }), ended("a", scene.now)];
    await scene.record(run, { tasks: [other.record, one.record], events: [one.event, other.event] });
    await scene.succeed(run);
    expect(await namesOf(scene, run.run.id)).toEqual(["QUEUED", "EXECUTING", "a", "b", "a", "SUCCESS"]);
    expect(await scene.taskOf(run.run.id, "a")).toEqual(other.record);
    await auditLives(scene.store);
  },

  "a wait that is over from the start is told about behind the ends written with it": async (scene) => {
    const run = await scene.start();
    const { record, event } = ended("a", scene.now);
    await scene.record(run, { tasks: [waitUntil("w", scene.now - 1), record], events: [event] });
    expect(await namesOf(scene, run.run.id, 2)).toEqual(["a", "w"]);
    await auditLives(scene.store);
  },

  "a step that is forgotten and made anew in one write is told about again": async (scene) => {
    const run = await scene.start();
    const failed = failedTask("a/b", { ordinal: 2 });
    await scene.record(run, { tasks: [failed], events: [{ type: "task", at: scene.now, task: failed }] });
    const { record, event } = ended("a/b", scene.now);
    await scene.record(run, { forgotten: ["a/b", "a/none"], tasks: [record], events: [event] });
    const other = ended("a/none", scene.now, { ordinal: 3 });
    await scene.record(run, { forgotten: ["a/none"], tasks: [other.record], events: [other.event] });
    expect(await namesOf(scene, run.run.id, 2)).toEqual(["a/b", "a/b", "a/none"]);
    expect(await scene.taskOf(run.run.id, "a/none")).toEqual(other.record);
    await auditLives(scene.store);
  },

  "what told of a step that is forgotten goes on to be told, also after the death of every process": async (scene) => {
    const run = await scene.start();
    const { record, event } = ended("all/0", scene.now, { kind: "branch" });
    await recordEnds(scene, run, ["a"]);
    await scene.record(run, { tasks: [record], events: [event] });
    await scene.record(run, { forgotten: ["all/0"] });
    await scene.reopen();
    await scene.recover();
    const again = await scene.claimOnly(run.run.id, "worker-2");
    expect(again.tasks.map(({ id }) => id)).toEqual(["a"]);
    await recordEnds(scene, again, ["b"]);
    await scene.record(again, { tasks: [record], events: [event] });
    await scene.succeed(again);
    const life = ["QUEUED", "EXECUTING", "a", "all/0", "QUEUED", "EXECUTING", "b", "all/0", "SUCCESS"];
    expect(await namesOf(scene, run.run.id)).toEqual(life);
    await auditLives(scene.store);
  },

  "B47 they count on after the death of every process": async (scene) => {
    const run = await scene.start();
    await recordEnds(scene, run, ["a", "b"]);
    await scene.reopen();
    await scene.recover();
    const again = await scene.claimOnly(run.run.id, "worker-2");
    expect(again.tasks.map(({ id }) => id)).toEqual(["a", "b"]);
    await recordEnds(scene, again, ["c"]);
    await scene.fail(again);
    await scene.store.retryRun({ runId: run.run.id, now: scene.now });
    await recordEnds(scene, await scene.claimOnly(run.run.id, "worker-2"), ["d"]);
    const life = ["QUEUED", "EXECUTING", "a", "b", "QUEUED", "EXECUTING", "c", "FAILURE", "QUEUED", "EXECUTING", "d"];
    expect(await namesOf(scene, run.run.id)).toEqual(life);
    await auditLives(scene.store);
  },

  "whoever ends the run, and through whichever instance, counts them": async (scene) => {
    const peer = await scene.openPeer();
    const run = await scene.start();
    await recordEnds(scene, run, ["a"]);
    const { record, event } = ended("b", scene.now);
    const write = { claim: run.claim, payload: null, tasks: [record], events: [event], statuses: [], signals: [] };
    await peer.recordSteps({ writes: [write], now: scene.now });
    await recordEnds(scene, run, ["c"]);
    expect(await namesOf(scene, run.run.id)).toEqual(["QUEUED", "EXECUTING", "a", "b", "c"]);
    await peer.cancelRun({ runId: run.run.id, now: scene.now });
    expect(await namesOf(scene, run.run.id, 5)).toEqual(["CANCELED"]);
    await auditLives(scene.store);
  },

  "a long run's events are read on from anywhere": async (scene) => {
    const run = await scene.start();
    const ids = Array.from({ length: 600 }, (_, index) => `s${index}`);
    await recordEnds(scene, run, ids);
    for (const after of [0, 2, 200, 256, 257, 500]) {
      expect(await namesOf(scene, run.run.id, after)).toEqual(["QUEUED", "EXECUTING", ...ids].slice(after));
    }
    expect(await scene.store.readEvents({ runId: run.run.id, after: 254, limit: 4 })).toHaveLength(4);
    await scene.succeed(run);
    await auditLives(scene.store);
  },
};
