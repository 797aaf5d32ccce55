import { expect } from "vitest";
import type { NewEvent } from "../store/records.ts";
import type { Store, StoreChange } from "../store/store.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { task, waitForSignal, waitUntil } from "./task-records.ts";

function log(message: string): NewEvent {
  return { type: "log", at: 1, taskId: null, level: "info", message, data: null, scope: "run/1" };
}

async function read(
  scene: Scene,
  runId: string,
  request: Partial<Parameters<Store["readEvents"]>[0]> = {},
): Promise<readonly unknown[]> {
  const events = await scene.store.readEvents({ runId, after: 0, limit: 1_000, ...request });
  return events.map((event) => [event.seq, event.type]);
}

/** What a store told its listener, gathered. */
function listen(store: Store): { readonly changes: StoreChange[]; readonly stop: () => void } {
  const changes: StoreChange[] = [];
  const stop = store.subscribe((change) => void changes.push(change));
  return { changes, stop };
}

export const eventCases: Cases = {
  "B47 every status that a run takes is an event, with its time": async (scene) => {
    const born = scene.now;
    const run = await scene.start({ startAt: null });
    await scene.park(run, [waitUntil("w", scene.now + 10)]);
    await scene.advance(10);
    await scene.succeed(await scene.claimOnly(run.run.id));
    expect(await scene.store.readEvents({ runId: run.run.id, after: 0, limit: 10 })).toEqual([
      { seq: 1, type: "status", at: born, status: "QUEUED" },
      { seq: 2, type: "status", at: born, status: "EXECUTING" },
      { seq: 3, type: "status", at: born, status: "WAITING" },
      { seq: 4, type: "task", at: born + 10, taskId: "w", data: expect.any(String) },
      { seq: 5, type: "status", at: born + 10, status: "QUEUED" },
      { seq: 6, type: "status", at: born + 10, status: "EXECUTING" },
      { seq: 7, type: "status", at: born + 10, status: "SUCCESS" },
    ]);
  },

  "that a wait is over is an event: at its end, and when it was over from the start": async (scene) => {
    const run = await scene.start();
    const begun = { type: "task", at: 1, task: waitForSignal("s", { name: "go" }) } as const;
    await scene.record(run, { tasks: [waitForSignal("s", { name: "go" })], events: [begun] });
    await scene.store.sendSignal({ signal: { name: "go", id: null, payload: '{"json":1}' }, now: scene.now });
    await scene.record(run, { tasks: [waitUntil("past", scene.now - 1)] });
    const events = await scene.store.readEvents({ runId: run.run.id, after: 2, limit: 10 });
    expect(events.map((event) => (event.type === "task" ? [event.seq, event.taskId, event.data] : []))).toEqual([
      [3, "s", expect.stringContaining('"WAITING"')],
      [4, "s", expect.stringContaining('"SUCCESS"')],
      [5, "past", expect.stringContaining('"SUCCESS"')],
    ]);
  },

  "B47 a reader goes on after the event it saw last": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { events: [log("a"), log("b"), { type: "task", at: 1, task: task("t") }] });
    expect(await read(scene, run.run.id, { after: 2, limit: 2 })).toEqual([
      [3, "log"],
      [4, "log"],
    ]);
    expect(await read(scene, run.run.id, { after: 4 })).toEqual([[5, "task"]]);
    expect(await read(scene, run.run.id, { after: 5 })).toEqual([]);
    expect(await read(scene, run.run.id, { after: 99 })).toEqual([]);
    expect(await read(scene, "run_none")).toEqual([]);
  },

  "events of one type are read alone": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { events: [log("a"), { type: "task", at: 1, task: task("t") }, log("b")] });
    expect(await read(scene, run.run.id, { type: "log" })).toEqual([
      [3, "log"],
      [5, "log"],
    ]);
    expect(await read(scene, run.run.id, { type: "log", after: 3, limit: 1 })).toEqual([[5, "log"]]);
    expect(await read(scene, run.run.id, { type: "status" })).toEqual([
      [1, "status"],
      [2, "status"],
    ]);
  },

  "B47 numbers go on after the death of every process": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { events: [log("a")] });
    await scene.reopen();
    await scene.recover();
    const again = await scene.claimOnly(run.run.id, "worker-2");
    await scene.record(again, { events: [log("b")] });
    expect(await read(scene, run.run.id)).toEqual([
      [1, "status"],
      [2, "status"],
      [3, "log"],
      [4, "status"],
      [5, "status"],
      [6, "log"],
    ]);
  },

  "B47 an event is there once whoever told of it": async (scene) => {
    const run = await scene.start();
    const peer = await scene.openPeer();
    await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const write = {
          claim: run.claim,
          payload: null,
          tasks: [],
          events: [log(`${index}`)],
          statuses: [],
          signals: [],
        };
        return (index % 2 === 0 ? scene.store : peer).recordSteps({ writes: [write], now: scene.now });
      }),
    );
    const events = await scene.store.readEvents({ runId: run.run.id, after: 2, limit: 100 });
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 3));
    expect(new Set(events.map((event) => (event.type === "log" ? event.message : "")))).toHaveLength(20);
  },

  "listeners hear which runs changed, once that can be read": async (scene) => {
    const { changes, stop } = listen(scene.store);
    const id = await scene.invoke();
    expect(changes.flatMap(({ runs }) => runs ?? [])).toContainEqual({ runId: id, status: "QUEUED" });
    expect(changes.some(({ hasReady }) => hasReady)).toBe(true);
    changes.length = 0;
    const run = await scene.claimOnly(id);
    await scene.record(run, { events: [log("a")] });
    expect(
      changes.flatMap(({ runs }) => runs ?? []).filter(({ runId, status }) => runId === id && status === "EXECUTING")
        .length,
    ).toBe(2);
    changes.length = 0;
    await scene.succeed(run);
    expect(changes.flatMap(({ runs }) => runs ?? [])).toContainEqual({ runId: id, status: "SUCCESS" });
    stop();
    changes.length = 0;
    await scene.invoke();
    expect(changes).toEqual([]);
  },

  "listeners hear that a wait of an executing run was resolved": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { tasks: [waitForSignal("s", { name: "go" })] });
    const { changes, stop } = listen(scene.store);
    await scene.store.sendSignal({ signal: { name: "go", id: null, payload: "p" }, now: scene.now });
    expect(changes.flatMap(({ runs }) => runs ?? [])).toEqual([{ runId: run.run.id, status: "EXECUTING" }]);
    stop();
  },

  "listeners hear that a wait was over from the start": async (scene) => {
    const run = await scene.start();
    const { changes, stop } = listen(scene.store);
    await scene.record(run, { tasks: [waitUntil("past", scene.now - 1)] });
    expect(changes.flatMap(({ runs }) => runs ?? [])).toEqual([{ runId: run.run.id, status: "EXECUTING" }]);
    stop();
  },

  "listeners hear when a place became free or a job went on": async (scene) => {
    const limit = { id: "job:mail", max: 1 };
    const running = await scene.start({ limit });
    await scene.invoke({ limit });
    const { changes, stop } = listen(scene.store);
    await scene.succeed(running);
    expect(changes.some(({ hasReady }) => hasReady)).toBe(true);
    await scene.store.setJobPaused({ jobId: "mail", isPaused: true, now: scene.now });
    changes.length = 0;
    await scene.store.setJobPaused({ jobId: "mail", isPaused: false, now: scene.now });
    expect(changes.some(({ hasReady }) => hasReady)).toBe(true);
    stop();
  },

  "a listener on one instance comes to hear of what another wrote": async (scene) => {
    const peer = await scene.openPeer();
    const heard = new Promise<StoreChange>((resolve) => {
      peer.subscribe(resolve);
    });
    const id = await scene.invoke();
    const { runs } = await heard;
    expect(runs === null || runs.some(({ runId }) => runId === id)).toBe(true);
  },
};
