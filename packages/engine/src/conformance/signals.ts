import type { SignalOutcome } from "@beckon/core/runtime";
import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { waitForSignal } from "./task-records.ts";

function send(
  scene: Scene,
  name: string,
  { id = null, payload = "p" }: { id?: string | null; payload?: string } = {},
): Promise<SignalOutcome> {
  return scene.store.sendSignal({ signal: { name, id, payload }, now: scene.now });
}

/** A run that is parked on a signal. */
async function listen(
  scene: Scene,
  signal: { name: string; id?: string },
  wakeAt: number | null = null,
): Promise<string> {
  const run = await scene.start();
  await scene.park(run, [waitForSignal("s", signal, { startedAt: scene.now, wakeAt })]);
  return run.run.id;
}

export const signalCases: Cases = {
  "a signal resolves the wait for it, with what it brings": async (scene) => {
    const run = await listen(scene, { name: "go" });
    expect(await send(scene, "go", { payload: '{"json":7}' })).toBe("delivered");
    expect(await scene.taskOf(run, "s")).toMatchObject({
      status: "SUCCESS",
      resolution: "delivered",
      output: '{"json":7}',
      completedAt: scene.now,
      wait: null,
    });
    expect(await scene.statusOf(run)).toBe("QUEUED");
  },

  "a signal that nobody waits for is kept, and resolves the next wait as it is recorded": async (scene) => {
    expect(await send(scene, "go", { payload: "kept" })).toBe("kept");
    await scene.reopen();
    const run = await scene.claimOnly(await scene.invoke(), "worker-2");
    const outcome = await scene.record(run, { tasks: [waitForSignal("s", { name: "go" })] });
    expect(outcome).toMatchObject({
      resolved: [{ id: "s", status: "SUCCESS", resolution: "delivered", output: "kept" }],
    });
    const second = await scene.record(run, { tasks: [waitForSignal("t", { name: "go" }, { ordinal: 2 })] });
    expect(second).toEqual({ kind: "recorded", resolved: [] });
  },

  "kept signals are taken in the order they were sent": async (scene) => {
    for (const payload of ["1", "2", "3"]) await send(scene, "go", { payload });
    const run = await scene.start();
    for (const payload of ["1", "2", "3"]) {
      expect(await scene.record(run, { tasks: [waitForSignal(payload, { name: "go" })] })).toMatchObject({
        resolved: [{ output: payload }],
      });
    }
  },

  "one signal resolves one wait, the oldest": async (scene) => {
    const first = await listen(scene, { name: "go" });
    scene.pass(1);
    const second = await listen(scene, { name: "go" });
    await send(scene, "go");
    expect([await scene.statusOf(first), await scene.statusOf(second)]).toEqual(["QUEUED", "WAITING"]);
    await send(scene, "go");
    expect(await scene.statusOf(second)).toBe("QUEUED");
  },

  "a signal is for the wait of its name and its id": async (scene) => {
    const any = await listen(scene, { name: "go" });
    const one = await listen(scene, { name: "go", id: "1" });
    expect(await send(scene, "stop")).toBe("kept");
    expect(await send(scene, "go", { id: "2" })).toBe("kept");
    expect([await scene.statusOf(any), await scene.statusOf(one)]).toEqual(["WAITING", "WAITING"]);
    await send(scene, "go", { id: "1" });
    expect([await scene.statusOf(any), await scene.statusOf(one)]).toEqual(["WAITING", "QUEUED"]);
    await send(scene, "go");
    expect(await scene.statusOf(any)).toBe("QUEUED");
  },

  "a run that has ended takes no signal from others": async (scene) => {
    const ended = await listen(scene, { name: "go" });
    const live = await listen(scene, { name: "go" });
    await scene.cancel(ended);
    expect(await send(scene, "go")).toBe("delivered");
    expect(await scene.statusOf(live)).toBe("QUEUED");
    expect(await send(scene, "go")).toBe("kept");
  },

  "a wait that timed out takes no signal": async (scene) => {
    const run = await listen(scene, { name: "go" }, scene.now + 10);
    await scene.advance(10);
    expect(await scene.taskOf(run, "s")).toMatchObject({ status: "FAILURE", resolution: "timed-out", output: null });
    expect(await send(scene, "go")).toBe("kept");
  },

  "a run sends signals with its steps": async (scene) => {
    const listener = await listen(scene, { name: "go" });
    const sender = await scene.start();
    await scene.record(sender, { signals: [{ name: "go", id: null, payload: "from a run" }] });
    expect(await scene.taskOf(listener, "s")).toMatchObject({ output: "from a run" });
    expect(await scene.statusOf(listener)).toBe("QUEUED");
  },

  "a run may wait for what it sends": async (scene) => {
    const run = await scene.start();
    const outcome = await scene.record(run, {
      signals: [{ name: "go", id: null, payload: "mine" }],
      tasks: [waitForSignal("s", { name: "go" })],
    });
    expect(outcome).toMatchObject({ resolved: [{ id: "s", output: "mine" }] });
  },

  "of many waits and signals at once, each meets one": async (scene) => {
    const peer = await scene.openPeer();
    const ids = await scene.invokeMany(10);
    const runs = await scene.claim();
    const nothing = { payload: null, events: [], statuses: [], signals: [] };
    await Promise.all(
      runs.flatMap(({ claim }, index) => [
        scene.store.recordSteps({
          writes: [{ ...nothing, claim, tasks: [waitForSignal("s", { name: "go" }, { startedAt: index })] }],
          now: scene.now,
        }),
        peer.sendSignal({ signal: { name: "go", id: null, payload: `${index}` }, now: scene.now }),
      ]),
    );
    const outputs = await Promise.all(ids.map(async (id) => (await scene.taskOf(id, "s"))?.output));
    expect(new Set(outputs)).toEqual(new Set(runs.map((_, index) => `${index}`)));
  },
};
