import { expect } from "vitest";
import type { ClaimedRun, NewRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { task, waitForRuns, waitUntil } from "./task-records.ts";

const DAY_MS = 86_400_000;

/** Deletes what ended before the instant; deliveries are kept for whoever may make them, however old they are. */
function prune(scene: Scene, endedBefore: number, limit = 100): Promise<number> {
  return scene.store.prune({ endedBefore, giveUpBefore: 0, limit, now: scene.now });
}

/** Deletes what ended before now, a day from here. */
function pruneTomorrow(scene: Scene, limit?: number): Promise<number> {
  return prune(scene, scene.pass(DAY_MS), limit);
}

async function tellAll({ store, now }: Scene): Promise<void> {
  const { deliveries } = await store.claimDeliveries({
    workerId: "worker-1",
    kind: "callback",
    limit: 100,
    limitOfReceiver: 100,
    now,
  });
  for (const delivery of deliveries) await store.finishDelivery({ delivery, retryAt: null });
}

async function startChild(scene: Scene, parent: ClaimedRun, fields: Partial<NewRun> = {}): Promise<ClaimedRun> {
  const step = task(`c${scene.newRun().id}`, { kind: "child" });
  return scene.claimOnly(await scene.invoke(fields, { claim: parent.claim, steps: [step] }));
}

export const pruneCases: Cases = {
  "what ended before the instant goes, what ended at it or later stays": async (scene) => {
    const [early, late] = [await scene.start(), await scene.start()];
    await scene.succeed(early);
    scene.pass(10);
    await scene.fail(late);
    expect(await prune(scene, scene.now)).toBe(1);
    expect(await scene.store.readRun(early.run.id)).toBeNull();
    expect(await scene.statusOf(late.run.id)).toBe("FAILURE");
  },

  "unfinished runs stay, however old": async (scene) => {
    await scene.invoke({ startAt: scene.now + 1 });
    await scene.start();
    await scene.park(await scene.start(), [waitUntil("w", scene.now + 1)]);
    await scene.invoke();
    scene.pass(1_000 * DAY_MS);
    expect(await pruneTomorrow(scene)).toBe(0);
    expect(await scene.store.listRuns({ limit: 10 })).toHaveLength(4);
  },

  "a run goes with all that is its own": async (scene) => {
    const idempotency = { key: "k", digest: "d", expiresAt: scene.now + 100 * DAY_MS };
    const run = await scene.start({ idempotency, tags: ["t"], callbackUrl: "https://example.com" });
    await scene.record(run, {
      tasks: [task("a")],
      events: [{ type: "status-record", at: 1, data: "d" }],
      statuses: [{ key: "s", label: "S", state: null, data: null, updatedAt: 1 }],
    });
    await scene.store.writeValue({ scope: `run:${run.run.id}`, key: "k", text: "v", claim: run.claim });
    await scene.store.writeValue({ scope: "job:mail", key: "k", text: "v", claim: run.claim });
    await scene.succeed(run);
    await tellAll(scene);
    expect(await pruneTomorrow(scene)).toBe(1);
    const { id: runId } = run.run;
    expect(await scene.store.readTasks(runId)).toEqual([]);
    expect(await scene.store.readEvents({ runId, after: 0, limit: 10 })).toEqual([]);
    expect(await scene.store.readStatuses(runId)).toEqual([]);
    expect(await scene.store.readValue(`run:${runId}`, "k")).toBeNull();
    expect(await scene.store.readValue("job:mail", "k")).toBe("v");
    expect(await scene.store.listRuns({ tag: "t", limit: 10 })).toEqual([]);
    const next = scene.newRun({ idempotency: { ...idempotency, digest: "other" } });
    expect(await scene.create([next])).toMatchObject({ runs: [{ id: next.id, isAdopted: false }] });
  },

  "B50 one of which somebody is still to be told stays until that was done": async (scene) => {
    const run = await scene.start({ callbackUrl: "https://example.com" });
    await scene.succeed(run);
    expect(await pruneTomorrow(scene)).toBe(0);
    expect(await scene.statusOf(run.run.id)).toBe("SUCCESS");
    await tellAll(scene);
    expect(await pruneTomorrow(scene)).toBe(1);
  },

  "what nobody can tell is given up at its time, and goes with its run": async (scene) => {
    const run = await scene.start({ callbackUrl: "https://example.com", hasHooks: true });
    await scene.succeed(run);
    const createdAt = scene.now;
    const pruneAt = (giveUpBefore: number) =>
      scene.store.prune({ endedBefore: scene.now, giveUpBefore, limit: 100, now: scene.now });
    scene.pass(2 * DAY_MS);
    // Whoever defines its job gives it up by trying.
    expect(await pruneAt(scene.now)).toBe(0);
    await scene.store.closeWorker({ workerId: "worker-1", now: scene.now });
    await scene.openWorker("reporter", [
      { id: "report", name: "report", version: "1.0.0", isEnabled: true, limit: null },
    ]);
    expect(await pruneAt(createdAt)).toBe(0);
    expect(await pruneAt(createdAt + 1)).toBe(1);
    await scene.openWorker("worker-2");
    const { deliveries, nextAt } = await scene.store.claimDeliveries({
      workerId: "worker-2",
      kind: "callback",
      limit: 9,
      limitOfReceiver: 9,
      now: scene.now,
    });
    expect({ deliveries, nextAt }).toEqual({ deliveries: [], nextAt: null });
  },

  "no more than `limit` go at once, those that ended first at first": async (scene) => {
    const runs = [];
    for (let index = 0; index < 5; index += 1) runs.push(await scene.start());
    for (const run of runs.toReversed()) {
      scene.pass(1);
      await scene.succeed(run);
    }
    expect(await pruneTomorrow(scene, 2)).toBe(2);
    const left = await scene.store.listRuns({ limit: 10 });
    expect(left.map(({ id }) => id)).toEqual(
      runs
        .slice(0, 3)
        .map(({ run }) => run.id)
        .toReversed(),
    );
    expect(await pruneTomorrow(scene, 5)).toBe(3);
  },

  "a run that an unfinished parent may still read stays": async (scene) => {
    const parent = await scene.start();
    const childId = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.succeed(await scene.claimOnly(childId));
    expect(await pruneTomorrow(scene)).toBe(0);
    await scene.succeed(parent);
    expect(await pruneTomorrow(scene)).toBe(2);
  },

  "so does one that an unfinished parent made, though no step names it any more": async (scene) => {
    const parent = await scene.start();
    const childId = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.fail(await scene.claimOnly(childId));
    await scene.record(parent, { forgotten: ["c"] });
    expect(await pruneTomorrow(scene)).toBe(0);
    await scene.succeed(parent);
    expect(await pruneTomorrow(scene)).toBe(2);
  },

  "so does one that a failed parent may ask for when it is retried, for as long as that is kept": async (scene) => {
    const parent = await scene.start();
    const childId = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.fail(await scene.claimOnly(childId));
    const childEndedBefore = scene.pass(DAY_MS);
    await scene.fail(parent);
    expect(await prune(scene, childEndedBefore)).toBe(0);
    expect(await scene.statusOf(childId)).toBe("FAILURE");
    expect(await pruneTomorrow(scene)).toBe(2);
  },

  "runs that failed and had asked for each other go when both are old": async (scene) => {
    const [one, other] = [await scene.start(), await scene.start()];
    await scene.record(one, { tasks: [waitForRuns("r", [other.run.id])] });
    await scene.record(other, { tasks: [waitForRuns("r", [one.run.id])] });
    await scene.fail(one);
    await scene.fail(other);
    expect(await pruneTomorrow(scene)).toBe(2);
  },

  "so does one that was adopted": async (scene) => {
    const idempotency = { key: "k", digest: "d", expiresAt: scene.now + DAY_MS };
    const shared = await scene.start({ idempotency });
    await scene.succeed(shared);
    const parent = await scene.start();
    await scene.invoke({ idempotency }, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.record(parent, { tasks: [waitForRuns("r", [shared.run.id], { ordinal: 2 })] });
    expect(await pruneTomorrow(scene)).toBe(0);
    expect(await scene.statusOf(shared.run.id)).toBe("SUCCESS");
  },

  "B29 canceling goes down through all generations after those between that finished are old": async (scene) => {
    const top = await scene.start();
    const first = await startChild(scene, top);
    const second = await startChild(scene, first);
    const third = await startChild(scene, second);
    const leaf = await startChild(scene, third);
    const bystander = await startChild(scene, second);
    for (const run of [first, second, third, bystander]) await scene.succeed(run);
    // Nothing that goes on is below it.
    expect(await pruneTomorrow(scene)).toBe(1);
    expect(await scene.store.readRun(bystander.run.id)).toBeNull();
    expect(await scene.cancel(top.run.id)).toEqual({ kind: "canceled", runIds: [top.run.id, leaf.run.id] });
    // Nothing is canceled from above any more, unless the one at the top is retried, for as long as it may be.
    expect(await prune(scene, scene.now)).toBe(0);
    expect(await pruneTomorrow(scene)).toBe(5);
  },

  "what is below a finished or a detached run keeps those between no longer than others": async (scene) => {
    const top = await scene.start();
    const detached = await startChild(scene, top, { isDetached: true });
    const chain = [detached];
    for (const _ of [1, 2, 3]) chain.push(await startChild(scene, chain.at(-1) as ClaimedRun));
    for (const run of chain.slice(0, -1)) await scene.succeed(run);
    // The parent of the detached one may still ask for it.
    expect(await pruneTomorrow(scene)).toBe(2);
    await scene.succeed(top);
    expect(await pruneTomorrow(scene)).toBe(2);
    expect(await scene.statusOf(chain.at(-1)?.run.id ?? "")).toBe("EXECUTING");
  },

  "generations below one that goes on are pruned from the last one up": async (scene) => {
    const top = await scene.start();
    const chain = [await startChild(scene, top)];
    for (const _ of [1, 2, 3]) chain.push(await startChild(scene, chain.at(-1) as ClaimedRun));
    for (const run of chain) await scene.succeed(run);
    const pruned = [];
    for (const _ of chain) pruned.push(await pruneTomorrow(scene));
    expect(pruned).toEqual([1, 1, 1, 0]);
  },

  "of runs that each made its successor, those more than twenty generations below are pruned all the same": async (
    scene,
  ) => {
    const chain = [await scene.start()];
    for (let index = 0; index < 30; index += 1) chain.push(await startChild(scene, chain.at(-1) as ClaimedRun));
    for (const run of chain.slice(1, -1)) await scene.succeed(run);
    expect(await pruneTomorrow(scene)).toBe(9);
    const left = await scene.store.readRuns(chain.map(({ run }) => run.id));
    expect(left.map((run) => run !== null).lastIndexOf(true)).toBe(30);
    expect(left.filter((run) => run !== null)).toHaveLength(22);
  },

  "a key that another run has by now stays with that": async (scene) => {
    const idempotency = { key: "k", digest: "d", expiresAt: scene.now + 100 * DAY_MS };
    await scene.fail(await scene.start({ idempotency }));
    const holder = await scene.start({ idempotency });
    expect(await pruneTomorrow(scene)).toBe(1);
    await scene.succeed(holder);
    expect(await scene.create([scene.newRun({ idempotency })])).toMatchObject({
      runs: [{ id: holder.run.id, isAdopted: true }],
    });
  },
};
