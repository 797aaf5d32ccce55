import { expect } from "vitest";
import type { NewEvent } from "../store/records.ts";
import { toTaskEvent } from "../store/task-event.ts";
import type { Cases } from "./cases.ts";
import { failedTask, task, waitForSignal, waitUntil } from "./task-records.ts";

export const stepCases: Cases = {
  "B32 a step is kept as it was recorded": async (scene) => {
    const run = await scene.start();
    const record = task("outer/inner", {
      parentId: "outer",
      kind: "child",
      name: "Inner",
      ordinal: 3,
      endOrdinal: 5,
      attempt: 2,
      output: '{"json":"\u0000 🎉"}',
      childRunId: "run_x",
      childJobId: "mail",
      childDigest: "d",
      display: '{"json":{"icon":"mail"}}',
      startedAt: 10,
      completedAt: 20,
    });
    expect(await scene.record(run, { tasks: [record] })).toEqual({ kind: "recorded", resolved: [] });
    expect(await scene.store.readTasks(run.run.id)).toEqual([record]);
    expect(await scene.store.readTasks(run.run.id, ["unknown", record.id])).toEqual([record]);
    expect(await scene.store.readTasks(run.run.id, [])).toEqual([]);
  },

  "a step that is recorded again is replaced, and keeps its place": async (scene) => {
    const run = await scene.start();
    await scene.record(run, {
      tasks: [task("a", { ordinal: 1, status: "RUNNING", output: null }), task("b", { ordinal: 2 })],
    });
    await scene.record(run, { tasks: [failedTask("a", { ordinal: 9, attempt: 3 })] });
    expect(await scene.store.readTasks(run.run.id)).toEqual([
      failedTask("a", { ordinal: 1, attempt: 3 }),
      task("b", { ordinal: 2 }),
    ]);
  },

  "a step that is recorded again with another child, or with none, has that": async (scene) => {
    const run = await scene.start();
    for (const childRunId of [null, "run_1", "run_1", "run_2", null]) {
      const record = task("a", { kind: "child", childRunId, childJobId: "mail" });
      await scene.record(run, { tasks: [record] });
      expect(await scene.store.readTasks(run.run.id)).toEqual([record]);
    }
  },

  "B34 a forgotten step is gone, and may be recorded anew in the same write": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { tasks: [task("a"), failedTask("a/1"), failedTask("a/2"), task("a/3")] });
    await scene.record(run, { forgotten: ["a/1", "a/2"], tasks: [task("a/2", { output: "anew" })] });
    expect(await scene.taskOf(run.run.id, "a/1")).toBeUndefined();
    expect(await scene.taskOf(run.run.id, "a/2")).toMatchObject({ status: "SUCCESS", output: "anew" });
    expect(await scene.taskOf(run.run.id, "a/3")).toMatchObject({ status: "SUCCESS" });
  },

  "B34 a forgotten step waits no more": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { tasks: [waitForSignal("a/s", { name: "go" }), waitUntil("a/w", scene.now + 10)] });
    await scene.record(run, { forgotten: ["a/s", "a/w"] });
    const signal = { name: "go", id: null, payload: "p" };
    expect(await scene.store.sendSignal({ signal, now: scene.now })).toBe("kept");
    expect(await scene.advance(0)).toEqual({ nextAt: null });
  },

  "B23 steps of one name in two runs are two steps": async (scene) => {
    const ids = await scene.invokeMany(2);
    const [first, second] = await scene.claim();
    if (first === undefined || second === undefined) throw new Error("Two runs were to be claimed.");
    await scene.record(first, { tasks: [task("a", { output: "1" })] });
    await scene.record(second, { tasks: [task("a", { output: "2" })] });
    expect(await Promise.all(ids.map(async (id) => (await scene.taskOf(id, "a"))?.output))).toEqual(["1", "2"]);
  },

  "B11 every text is kept as it is, and nothing stays nothing": async (scene) => {
    for (const output of [
      null,
      "",
      "0",
      '{"json":null}',
      '{"json":null,"meta":{"values":["undefined"]}}',
      "x".repeat(300_000),
    ]) {
      const run = await scene.start();
      await scene.record(run, { tasks: [task("a", { output })] });
      await scene.end(run, "SUCCESS", { output });
      expect((await scene.taskOf(run.run.id, "a"))?.output).toBe(output);
      expect((await scene.read(run.run.id)).output).toBe(output);
    }
  },

  "B13 the payload that run was given is kept for its replays": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { payload: '{"json":"parsed"}' });
    await scene.record(run, { tasks: [task("a")] });
    await scene.giveBack(run);
    expect(await scene.claimOnly(run.run.id)).toMatchObject({ payload: '{"json":"parsed"}' });
  },

  "events are numbered on, in the order they were given": async (scene) => {
    const run = await scene.start();
    const events: NewEvent[] = [
      { type: "task", at: 1, task: task("a") },
      { type: "log", at: 2, taskId: "a", level: "warn", message: "m", data: "d", scope: "a/1" },
      { type: "log", at: 2, taskId: null, level: "debug", message: "", data: null, scope: "run/1" },
      { type: "status-record", at: 3, data: "s" },
    ];
    await scene.record(run, { events });
    expect(await scene.store.readEvents({ runId: run.run.id, after: 2, limit: 10 })).toEqual([
      { seq: 3, ...toTaskEvent(task("a"), 1) },
      { seq: 4, type: "log", at: 2, taskId: "a", level: "warn", message: "m", data: "d" },
      { seq: 5, type: "log", at: 2, taskId: null, level: "debug", message: "", data: null },
      { seq: 6, type: "status-record", at: 3, data: "s" },
    ]);
    expect((await scene.read(run.run.id)).eventCount).toBe(6);
  },

  "B39 a status record is one row for each key": async (scene) => {
    const run = await scene.start();
    const sent = { key: "sent", label: "Sent", state: "loading", data: "1", updatedAt: 1 } as const;
    const other = { key: "other", label: "Other", state: null, data: null, updatedAt: 1 };
    await scene.record(run, { statuses: [sent, other] });
    await scene.record(run, { statuses: [{ ...sent, state: "success", data: "2", updatedAt: 2 }] });
    const kept = await scene.store.readStatuses(run.run.id);
    expect(kept).toHaveLength(2);
    expect(kept).toEqual(expect.arrayContaining([{ ...sent, state: "success", data: "2", updatedAt: 2 }, other]));
  },

  "B44 a worker whose claim was replaced writes nothing": async (scene) => {
    const stale = await scene.start();
    await scene.giveBack(stale);
    const good = await scene.claimOnly(stale.run.id);
    const status = { key: "s", label: "S", state: null, data: null, updatedAt: 1 };
    const outcome = await scene.record(stale, {
      payload: "late",
      tasks: [task("late")],
      events: [{ type: "status-record", at: 1, data: "late" }],
      statuses: [status],
      signals: [{ name: "late", id: null, payload: "late" }],
    });
    expect(outcome).toEqual({ kind: "lost" });
    expect(await scene.store.readTasks(stale.run.id)).toEqual([]);
    expect(await scene.store.readStatuses(stale.run.id)).toEqual([]);
    expect(await scene.lifeOf(stale.run.id)).toHaveLength((await scene.read(stale.run.id)).eventCount);
    await scene.giveBack(good);
    expect((await scene.claimOnly(stale.run.id)).payload).toBeNull();
  },

  "an ended run takes no more steps": async (scene) => {
    for (const end of ["SUCCESS", "FAILURE", "TIMED_OUT"] as const) {
      const run = await scene.start();
      await scene.end(run, end);
      expect(await scene.record(run, { tasks: [task("late")] })).toEqual({ kind: "lost" });
      expect(await scene.store.readTasks(run.run.id)).toEqual([]);
    }
  },

  "a lost claim among others takes nothing from them": async (scene) => {
    const lost = await scene.start();
    await scene.cancel(lost.run.id);
    const good = await scene.start();
    const nothing = { payload: null, events: [], statuses: [], signals: [] };
    const outcomes = await scene.store.recordSteps({
      writes: [
        { ...nothing, claim: lost.claim, tasks: [task("a")] },
        { ...nothing, claim: good.claim, tasks: [waitUntil("b", scene.now)] },
      ],
      now: scene.now,
    });
    expect(outcomes).toMatchObject([
      { kind: "lost" },
      { kind: "recorded", resolved: [{ id: "b", resolution: "due" }] },
    ]);
    expect(await scene.store.readTasks(lost.run.id)).toEqual([]);
    expect(await scene.store.readTasks(good.run.id)).toHaveLength(1);
  },

  "B32 steps are there after every process has died": async (scene) => {
    const run = await scene.start();
    await scene.record(run, {
      payload: "p",
      tasks: [task("a"), task("b", { ordinal: 2, status: "RUNNING", output: null })],
    });
    await scene.reopen();
    await scene.recover();
    const again = await scene.claimOnly(run.run.id, "worker-2");
    expect(again).toMatchObject({ payload: "p" });
    expect(again.tasks.map(({ id, status }) => [id, status])).toEqual([
      ["a", "SUCCESS"],
      ["b", "RUNNING"],
    ]);
  },
};
