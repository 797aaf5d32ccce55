import { expect } from "vitest";
import { toLogKey } from "../store/log-key.ts";
import type { Cases } from "./cases.ts";
import { task } from "./task-records.ts";

export const claimCases: Cases = {
  "B41 higher priority goes first, then first come first served": async (scene) => {
    const low = await scene.invoke({ priority: -1 });
    const first = await scene.invoke();
    scene.pass(1);
    const second = await scene.invoke();
    const high = await scene.invoke({ priority: 5 });
    expect(await scene.claimIds()).toEqual([high, first, second, low]);
  },

  "B41 runs of one instant go in the order of their ids": async (scene) => {
    const ids = await scene.invokeMany(20);
    expect(await scene.claimIds()).toEqual(ids);
  },

  "a claim takes no more than it asked for, and the next goes on from there": async (scene) => {
    const ids = await scene.invokeMany(5);
    expect(await scene.claimIds({ limit: 2 })).toEqual(ids.slice(0, 2));
    expect(await scene.claimIds({ limit: 2 })).toEqual(ids.slice(2, 4));
    expect(await scene.claimIds({ limit: 0 })).toEqual([]);
    expect(await scene.claimIds({ limit: 2 })).toEqual(ids.slice(4));
    expect(await scene.claimIds()).toEqual([]);
  },

  "a worker is never given a run of a job that it does not define": async (scene) => {
    const mail = await scene.invoke({ jobId: "mail", priority: 9 });
    const report = await scene.invoke({ jobId: "report" });
    const job = { id: "report", name: "report", version: "1.0.0", isEnabled: true, limit: null };
    await scene.openWorker("reporter", [job]);
    expect(await scene.claimIds({ workerId: "reporter" })).toEqual([report]);
    expect(await scene.claimIds({ workerId: "worker-1" })).toEqual([mail]);
  },

  "a claim starts the run": async (scene) => {
    const id = await scene.invoke();
    scene.pass(40);
    const claimed = await scene.claimOnly(id);
    const run = await scene.read(id);
    expect(run).toMatchObject({ status: "EXECUTING", hold: null, startedAt: scene.now, executionCount: 1, attempt: 1 });
    expect(run).toMatchObject(claimed.run);
    expect(claimed.claim.runId).toBe(id);
  },

  "a later claim counts on, and has another lease": async (scene) => {
    const first = await scene.start();
    const { startedAt } = first.run;
    scene.pass(10);
    await scene.giveBack(first);
    const second = await scene.claimOnly(first.run.id);
    expect(second.run).toMatchObject({ executionCount: 2, startedAt });
    expect(second.claim.lease).not.toBe(first.claim.lease);
  },

  "a claimed run brings all that executing it needs": async (scene) => {
    const first = await scene.start({ input: '{"json":1}', context: '{"json":2}' });
    expect(first).toMatchObject({ input: '{"json":1}', payload: null, context: '{"json":2}', tasks: [], statuses: [] });
    expect(first.logCounts.size).toBe(0);
    const log = { type: "log", at: scene.now, taskId: null, level: "info", message: "m", data: null } as const;
    const status = { key: "s", label: "S", state: null, data: null, updatedAt: scene.now };
    const tasks = [task("b", { ordinal: 2 }), task("a", { ordinal: 1 }), task("c", { ordinal: 3 })];
    await scene.record(first, {
      payload: '{"json":3}',
      tasks,
      events: [
        { ...log, scope: "run/1" },
        { ...log, scope: "run/1" },
        { ...log, scope: "run/1", level: "error" },
        { ...log, scope: "a/1" },
      ],
      statuses: [status],
    });
    await scene.giveBack(first);
    const second = await scene.claimOnly(first.run.id);
    expect(second).toMatchObject({
      input: '{"json":1}',
      payload: '{"json":3}',
      context: '{"json":2}',
      statuses: [status],
    });
    expect(second.tasks.map(({ id }) => id)).toEqual(["a", "b", "c"]);
    expect(Object.fromEntries(second.logCounts)).toEqual({
      [toLogKey({ scope: "a/1", level: "info" })]: 1,
      [toLogKey({ scope: "run/1", level: "info" })]: 2,
      [toLogKey({ scope: "run/1", level: "error" })]: 1,
    });
  },

  "B42 a run that may not start any more is left alone": async (scene) => {
    const expired = await scene.invoke({ ttlMs: 100, priority: 9 });
    scene.pass(50);
    const fresh = await scene.invoke({ ttlMs: 100 });
    scene.pass(50);
    expect(await scene.claimIds()).toEqual([fresh]);
    expect(await scene.statusOf(expired)).toBe("QUEUED");
  },

  "B41 a full limit, a paused job and a job without a worker block no other": async (scene) => {
    const limit = { id: "job:mail", max: 1 };
    await scene.store.setJobPaused({ jobId: "report", isPaused: true, now: scene.now });
    const [first] = await scene.invokeMany(3, { limit, priority: 9 });
    await scene.invoke({ jobId: "report", priority: 9 });
    await scene.invoke({ jobId: "nobody", priority: 9 });
    const free = await scene.invoke();
    expect(await scene.claimIds()).toEqual([first, free]);
    const later = await scene.invoke();
    expect(await scene.claimIds()).toEqual([later]);
  },

  "runs without a limit are claimed ahead, after as many as were asked for": async (scene) => {
    const limit = { id: "job:mail", max: 5 };
    const limited = await scene.invokeMany(3, { limit });
    const free = await scene.invokeMany(4);
    const claimed = await scene.store.claimRuns({ workerId: "worker-1", limit: 2, ahead: 3, now: scene.now });
    expect(claimed.map(({ run }) => run.id)).toEqual([...limited.slice(0, 2), ...free.slice(0, 3)]);
    expect(await scene.claimIds()).toEqual([limited[2], free[3]]);
    expect(await scene.store.claimRuns({ workerId: "worker-1", limit: 2, ahead: 3, now: scene.now })).toEqual([]);
  },

  "B42 a run with a ttl is not claimed ahead: it would count as started": async (scene) => {
    const [first, second] = await scene.invokeMany(2);
    const withTtl = await scene.invoke({ ttlMs: 10 });
    const claimed = await scene.store.claimRuns({ workerId: "worker-1", limit: 1, ahead: 3, now: scene.now });
    expect(claimed.map(({ run }) => run.id)).toEqual([first, second]);
    expect(await scene.statusOf(withTtl)).toBe("QUEUED");
  },

  "claims at the same moment never overlap": async (scene) => {
    const peer = await scene.openPeer();
    const job = { id: "mail", name: "mail", version: "1.0.0", isEnabled: true, limit: null };
    await peer.openWorker({ workerId: "worker-2", jobs: [job], now: scene.now });
    const ids = await scene.invokeMany(60);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        index % 2 === 0
          ? scene.claim({ limit: 4 })
          : peer.claimRuns({ workerId: "worker-2", limit: 4, now: scene.now }),
      ),
    );
    const claimed = answers.flat().map(({ run }) => run.id);
    expect(claimed.toSorted()).toEqual(ids);
  },

  "of given claims, the lost ones are named with what became of their runs": async (scene) => {
    const good = await scene.start();
    const canceled = await scene.start();
    await scene.cancel(canceled.run.id);
    const given = await scene.start();
    await scene.giveBack(given);
    const unknown = { runId: "run_none", lease: 1 };
    const lost = await scene.store.findLostClaims([good.claim, canceled.claim, given.claim, unknown]);
    expect(lost).toEqual([
      { claim: canceled.claim, status: "CANCELED" },
      { claim: given.claim, status: "QUEUED" },
      { claim: unknown, status: null },
    ]);
  },

  "a claim is lost once its run was claimed again": async (scene) => {
    const first = await scene.start();
    await scene.giveBack(first);
    const second = await scene.claimOnly(first.run.id);
    expect(await scene.store.findLostClaims([first.claim, second.claim])).toEqual([
      { claim: first.claim, status: "EXECUTING" },
    ]);
  },
};
