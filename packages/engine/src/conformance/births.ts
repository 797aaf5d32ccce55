import { expect } from "vitest";
import type { Cases } from "./cases.ts";
import { FULL_RUN } from "./full-run.ts";
import { task, waitForRuns } from "./task-records.ts";

const DAY_MS = 86_400_000;

export const birthCases: Cases = {
  "B15 a run keeps all that it was made with": async (scene) => {
    const made = scene.newRun({
      ...FULL_RUN,
      input: '{"json":"\u0000 🎉"}',
      idempotency: { key: "once", digest: "d", expiresAt: scene.now + DAY_MS },
    });
    await scene.create([made]);
    const run = await scene.read(made.id);
    const { limit, idempotency, startAt, ...kept } = made;
    expect(run).toMatchObject(kept);
    expect([run.limitId, run.idempotencyKey, run.wakeAt]).toEqual([limit?.id, idempotency?.key, startAt]);
  },

  "a new run has lived through nothing yet": async (scene) => {
    const id = await scene.invoke();
    expect(await scene.read(id)).toMatchObject({
      status: "QUEUED",
      hold: null,
      parentRunId: null,
      parentTaskId: null,
      parentJobId: null,
      idempotencyKey: null,
      limitId: null,
      queuedAt: scene.now,
      wakeAt: null,
      expiresAt: null,
      startedAt: null,
      completedAt: null,
      attempt: 1,
      executionCount: 0,
      executionMs: 0,
      crashCount: 0,
      eventCount: 1,
      output: null,
      error: null,
    });
  },

  "a delayed run is DELAYED, without a place in the queue": async (scene) => {
    const id = await scene.invoke({ startAt: scene.now + 1, ttlMs: 5 });
    expect(await scene.read(id)).toMatchObject({
      status: "DELAYED",
      wakeAt: scene.now + 1,
      queuedAt: null,
      expiresAt: null,
    });
    expect(await scene.claim()).toEqual([]);
  },

  "a start that is not after now delays nothing": async (scene) => {
    const id = await scene.invoke({ startAt: scene.now });
    expect(await scene.read(id)).toMatchObject({ status: "QUEUED", wakeAt: null, queuedAt: scene.now });
  },

  "a ttl counts from the place in the queue": async (scene) => {
    const id = await scene.invoke({ ttlMs: 250 });
    expect((await scene.read(id)).expiresAt).toBe(scene.now + 250);
  },

  "B30 a thousand runs are made at once, answered in their order": async (scene) => {
    const runs = Array.from({ length: 1_000 }, () => scene.newRun());
    const outcome = await scene.create(runs);
    expect(outcome).toEqual({ kind: "created", runs: runs.map(({ id }) => ({ id, isAdopted: false })), claimed: [] });
    expect(await scene.claimIds({ limit: 1_000 })).toEqual(runs.map(({ id }) => id));
  },

  "B30 an empty request makes nothing": async (scene) => {
    expect(await scene.create([])).toEqual({ kind: "created", runs: [], claimed: [] });
  },

  "B22 a child, and its parent's step, are made together": async (scene) => {
    const parent = await scene.start({ jobId: "report" });
    const child = await scene.invoke(
      { parentJobId: "report" },
      { claim: parent.claim, steps: [task("send", { kind: "child", childJobId: "mail", childDigest: "d" })] },
    );
    expect(await scene.read(child)).toMatchObject({
      parentRunId: parent.run.id,
      parentTaskId: "send",
      parentJobId: "report",
    });
    expect(await scene.store.readTasks(parent.run.id)).toEqual([
      task("send", { kind: "child", childJobId: "mail", childDigest: "d", childRunId: child }),
    ]);
  },

  "B22 a parent whose claim is lost makes no child": async (scene) => {
    const parent = await scene.start();
    await scene.cancel(parent.run.id);
    const orphan = scene.newRun();
    expect(
      await scene.create([orphan], { parent: { claim: parent.claim, steps: [task("send", { kind: "child" })] } }),
    ).toEqual({
      kind: "lost",
    });
    expect(await scene.store.readRun(orphan.id)).toBeNull();
    expect(await scene.store.readTasks(parent.run.id)).toEqual([]);
  },

  "B30 a parent's batch makes each child with its own step": async (scene) => {
    const parent = await scene.start();
    const children = [scene.newRun(), scene.newRun()];
    const steps = ["one", "two"].map((id, index) => task(id, { kind: "child", ordinal: index + 1 }));
    await scene.create(children, { parent: { claim: parent.claim, steps } });
    const kept = await scene.store.readTasks(parent.run.id);
    expect(kept.map(({ id, childRunId }) => [id, childRunId])).toEqual([
      ["one", children[0]?.id],
      ["two", children[1]?.id],
    ]);
  },

  "a child adopted by key stays with its maker": async (scene) => {
    const idempotency = { key: "shared", digest: "d", expiresAt: scene.now + DAY_MS };
    const child = await scene.invoke({ jobId: "report", idempotency });
    const parent = await scene.claim().then((claimed) => claimed.find(({ run }) => run.id === child));
    const adopter = await scene.start();
    const outcome = await scene.create([scene.newRun({ jobId: "report", idempotency })], {
      parent: { claim: adopter.claim, steps: [task("send", { kind: "child" })] },
    });
    expect(outcome).toEqual({ kind: "created", runs: [{ id: child, isAdopted: true }], claimed: [] });
    expect(parent?.run.parentRunId).toBeNull();
    expect(await scene.read(child)).toMatchObject({ parentRunId: null, parentTaskId: null });
    expect(await scene.taskOf(adopter.run.id, "send")).toMatchObject({ childRunId: child });
  },

  "B17 a request that is sent again gets the first answer": async (scene) => {
    const first = scene.newRun();
    await scene.create([first], { requestId: "r-1" });
    scene.pass(DAY_MS - 1);
    const again = scene.newRun();
    expect(await scene.create([again], { requestId: "r-1" })).toEqual({
      kind: "created",
      runs: [{ id: first.id, isAdopted: true }],
      claimed: [],
    });
    expect(await scene.store.readRun(again.id)).toBeNull();
  },

  "B17 a request that is sent again after every process has died gets the first answer": async (scene) => {
    const first = scene.newRun();
    await scene.create([first], { requestId: "r-1" });
    await scene.reopen();
    expect(await scene.create([scene.newRun()], { requestId: "r-1" })).toMatchObject({
      runs: [{ id: first.id, isAdopted: true }],
    });
    expect(await scene.store.listRuns({ limit: 100 })).toHaveLength(1);
  },

  "B17 a request that is sent many times at once is done once": async (scene) => {
    const peer = await scene.openPeer();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => {
        const store = index % 2 === 0 ? scene.store : peer;
        return store.createRuns({ runs: [scene.newRun()], requestId: "r-1", parent: null, now: scene.now });
      }),
    );
    const ids = answers.map((answer) => (answer.kind === "created" ? answer.runs[0]?.id : answer.kind));
    expect(new Set(ids).size).toBe(1);
    expect(await scene.store.listRuns({ limit: 100 })).toHaveLength(1);
  },

  "B17 another request id, or the same after a day, makes a run of its own": async (scene) => {
    await scene.create([scene.newRun()], { requestId: "r-1" });
    const other = scene.newRun();
    expect(await scene.create([other], { requestId: "r-2" })).toMatchObject({
      runs: [{ id: other.id, isAdopted: false }],
    });
    scene.pass(DAY_MS);
    const later = scene.newRun();
    expect(await scene.create([later], { requestId: "r-1" })).toMatchObject({
      runs: [{ id: later.id, isAdopted: false }],
    });
  },

  "B10 a run is there after every process has died": async (scene) => {
    const id = await scene.invoke({ input: '{"json":42}' });
    await scene.reopen();
    expect((await scene.claimOnly(id, "worker-2")).input).toBe('{"json":42}');
  },

  "B25 a parent that made a child and waits for it in one go is told of its end": async (scene) => {
    const parent = await scene.start();
    const child = await scene.invoke({}, { claim: parent.claim, steps: [task("send", { kind: "child" })] });
    await scene.park(parent, [waitForRuns("send/result", [child])]);
    await scene.succeed(await scene.claimOnly(child));
    expect(await scene.statusOf(parent.run.id)).toBe("QUEUED");
  },
};
