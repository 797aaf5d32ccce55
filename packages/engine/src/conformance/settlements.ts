import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import { NOTHING, toEnd } from "./scene.ts";
import { task, waitForRuns, waitForSignal, waitUntil } from "./task-records.ts";

export const settlementCases: Cases = {
  "an execution ends its run with what it came to": async (scene) => {
    const ends = [
      ["SUCCESS", '{"json":1}', null],
      ["FAILURE", null, '{"json":2}'],
      ["TIMED_OUT", null, '{"json":3}'],
    ] as const;
    for (const [status, output, error] of ends) {
      const run = await scene.start();
      scene.pass(7);
      expect(await scene.end(run, status, { output, error })).toBe("settled");
      expect(await scene.read(run.run.id)).toMatchObject({ status, output, error, completedAt: scene.now, hold: null });
      expect(await scene.lifeOf(run.run.id)).toEqual(["QUEUED", "EXECUTING", status]);
    }
  },

  "an end brings the steps that were not written yet, and a lost one brings none": async (scene) => {
    const waited = task("waited", {
      status: "WAITING",
      completedAt: null,
      wait: { kind: "time" },
      wakeAt: scene.now + 9,
    });
    const seen = task("waited", { output: '{"json":2}', endOrdinal: 2 });
    const told = task("told", { ordinal: 2, endOrdinal: 1, completedAt: scene.now });
    for (const status of ["SUCCESS", "FAILURE"] as const) {
      const { claim, run } = await scene.start();
      await scene.record({ claim }, { tasks: [waited] });
      const end = {
        ...toEnd(claim, status),
        tasks: [seen, told],
        events: [{ type: "task", at: scene.now, task: told } as const],
      };
      expect(await scene.settle(end)).toBe("settled");
      expect(await scene.store.readTasks(run.id)).toEqual([seen, told]);
      const events = await scene.store.readEvents({ runId: run.id, after: 0, limit: 10 });
      expect(events.map((event) => (event.type === "status" ? event.status : event.type))).toEqual([
        "QUEUED",
        "EXECUTING",
        "task",
        status,
      ]);
      expect(await scene.settle({ ...end, tasks: [task("late")] })).toBe("lost");
      expect(await scene.store.readTasks(run.id)).toHaveLength(2);
      expect((await scene.advance(9)).nextAt).toBeNull();
    }
  },

  "B33 a run is settled once": async (scene) => {
    const run = await scene.start();
    await scene.succeed(run, "first");
    const before = await scene.read(run.run.id);
    scene.pass(1);
    expect(await scene.succeed(run, "second")).toBe("lost");
    expect(await scene.fail(run)).toBe("lost");
    expect(await scene.giveBack(run)).toBe("lost");
    expect(await scene.backOff(run, scene.now)).toBe("lost");
    expect(await scene.park(run, [waitUntil("w", scene.now + 1)])).toBe("lost");
    expect(await scene.read(run.run.id)).toEqual(before);
  },

  "B33 of many settlements of one execution, one counts": async (scene) => {
    const peer = await scene.openPeer();
    const { claim, run } = await scene.start();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => {
        const settlements = [toEnd(claim, "SUCCESS", { output: `${index}` })];
        return (index % 2 === 0 ? scene.store : peer).settleRuns({ settlements, now: scene.now });
      }),
    );
    const winners = outcomes.flatMap(([outcome], index) => (outcome === "settled" ? [`${index}`] : []));
    expect(winners).toHaveLength(1);
    expect((await scene.read(run.id)).output).toBe(winners[0]);
  },

  "a lost settlement among others takes nothing from them": async (scene) => {
    const lost = await scene.start();
    await scene.cancel(lost.run.id);
    const good = await scene.start();
    const settlements = [toEnd(lost.claim, "SUCCESS"), toEnd(good.claim, "SUCCESS")];
    expect(await scene.store.settleRuns({ settlements, now: scene.now })).toEqual(["lost", "settled"]);
    expect(await scene.statusOf(lost.run.id)).toBe("CANCELED");
    expect(await scene.statusOf(good.run.id)).toBe("SUCCESS");
  },

  "the time inside run adds up over executions": async (scene) => {
    const first = await scene.start();
    await scene.settle({ claim: first.claim, ...NOTHING, executedMs: 30, kind: "give-back" });
    const second = await scene.claimOnly(first.run.id);
    await scene.settle({ ...toEnd(second.claim, "SUCCESS"), executedMs: 12 });
    expect(await scene.read(first.run.id)).toMatchObject({ executionMs: 42, executionCount: 2 });
  },

  "events and statuses that were not written yet come before the end": async (scene) => {
    const { claim, run } = await scene.start();
    const status = { key: "s", label: "S", state: null, data: null, updatedAt: 1 };
    const event = { type: "status-record", at: 1, data: "last" } as const;
    await scene.settle({ ...toEnd(claim, "SUCCESS"), events: [event], statuses: [status] });
    const events = await scene.store.readEvents({ runId: run.id, after: 2, limit: 10 });
    expect(events).toEqual([
      { seq: 3, ...event },
      { seq: 4, type: "status", at: scene.now, status: "SUCCESS" },
    ]);
    expect(await scene.store.readStatuses(run.id)).toEqual([status]);
  },

  "a parked run waits without being ready": async (scene) => {
    const run = await scene.start();
    expect(await scene.park(run, [waitUntil("w", scene.now + 5)])).toBe("settled");
    expect(await scene.read(run.run.id)).toMatchObject({
      status: "WAITING",
      completedAt: null,
      queuedAt: run.run.queuedAt,
    });
    expect(await scene.claim()).toEqual([]);
    expect(await scene.lifeOf(run.run.id)).toEqual(["QUEUED", "EXECUTING", "WAITING"]);
  },

  "B25 a run that parks on a step that was resolved meanwhile is QUEUED at once": async (scene) => {
    const run = await scene.start();
    const tasks = [waitUntil("later", scene.now + 5), waitForSignal("signal", { name: "go" }, { ordinal: 2 })];
    await scene.record(run, { tasks });
    await scene.store.sendSignal({ signal: { name: "go", id: null, payload: "p" }, now: scene.now });
    await scene.settle({ claim: run.claim, ...NOTHING, kind: "park", taskIds: ["later", "signal"] });
    expect(await scene.lifeOf(run.run.id)).toEqual(["QUEUED", "EXECUTING", "QUEUED"]);
    const again = await scene.claimOnly(run.run.id);
    expect(again.tasks.map(({ status }) => status)).toEqual(["WAITING", "SUCCESS"]);
  },

  "B25 however parking and the end of the child meet, the parent goes on": async (scene) => {
    const peer = await scene.openPeer();
    for (let round = 0; round < 20; round += 1) {
      const parent = await scene.start();
      const child = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
      const { claim } = await scene.claimOnly(child);
      await scene.record(parent, { tasks: [waitForRuns("r", [child], { ordinal: 2 })] });
      const park = { claim: parent.claim, ...NOTHING, kind: "park", taskIds: ["r"] } as const;
      const settling = [
        () => scene.store.settleRuns({ settlements: [park], now: scene.now }),
        () => peer.settleRuns({ settlements: [toEnd(claim, "SUCCESS")], now: scene.now }),
      ];
      if (round % 2 === 1) settling.reverse();
      await Promise.all(settling.map((settle) => settle()));
      await scene.succeed(await scene.claimOnly(parent.run.id));
    }
  },

  "B43 a run that is given back is ready again, in its old place, at no cost": async (scene) => {
    const run = await scene.start();
    scene.pass(100);
    const later = await scene.invoke();
    expect(await scene.giveBack(run)).toBe("settled");
    expect(await scene.read(run.run.id)).toMatchObject({
      status: "QUEUED",
      attempt: 1,
      crashCount: 0,
      queuedAt: run.run.queuedAt,
    });
    expect(await scene.claimIds()).toEqual([run.run.id, later]);
  },

  "a run that backs off is DELAYED until its next attempt": async (scene) => {
    const run = await scene.start();
    const wakeAt = scene.now + 1_000;
    expect(await scene.backOff(run, wakeAt)).toBe("settled");
    expect(await scene.read(run.run.id)).toMatchObject({
      status: "DELAYED",
      attempt: 2,
      wakeAt,
      completedAt: null,
      error: '{"json":"again"}',
    });
    scene.pass(5);
    const newcomer = await scene.invoke();
    await scene.advance(995);
    expect(await scene.read(run.run.id)).toMatchObject({ status: "QUEUED", wakeAt: null, queuedAt: wakeAt });
    expect(await scene.claimIds()).toEqual([newcomer, run.run.id]);
  },

  "what was recorded stays when a run parks, backs off or is given back": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { payload: "p", tasks: [task("a")] });
    await scene.giveBack(run);
    await scene.backOff(await scene.claimOnly(run.run.id), scene.now);
    await scene.advance(0);
    await scene.park(await scene.claimOnly(run.run.id), [waitUntil("w", scene.now + 1, { ordinal: 2 })]);
    await scene.advance(1);
    expect(await scene.claimOnly(run.run.id)).toMatchObject({ payload: "p", tasks: [{ id: "a" }, { id: "w" }] });
  },
};
