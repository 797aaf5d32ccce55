import { expect } from "vitest";
import type { CreateRunsRequest } from "../store/births.ts";
import type { ClaimedRun, NewRun } from "../store/records.ts";
import type { StoreChange } from "../store/store.ts";
import type { Cases } from "./cases.ts";
import { FULL_RUN } from "./full-run.ts";
import type { Scene } from "./scene.ts";
import { task, waitForRuns } from "./task-records.ts";

const LIMIT = { id: "job:mail", max: 2 };

interface Slots {
  readonly workerId?: string;
  readonly limit?: number;
  readonly parent?: CreateRunsRequest["parent"];
  readonly requestId?: string;
}

/** Makes the runs where a worker has free slots, `worker-1` ten of them; gives what it claimed at their birth. */
async function bear(scene: Scene, runs: readonly NewRun[], slots: Slots = {}): Promise<readonly ClaimedRun[]> {
  const { workerId = "worker-1", limit = 10, ...rest } = slots;
  const outcome = await scene.create(runs, { ...rest, claim: { workerId, limit } });
  return outcome.kind === "created" ? outcome.claimed : [];
}

/** The same, with the claim that follows: together they fill the slots, whatever of it the store did at birth. */
async function bearAndClaim(scene: Scene, runs: readonly NewRun[], slots: Slots = {}): Promise<readonly ClaimedRun[]> {
  const { workerId = "worker-1", limit = 10 } = slots;
  const claimed = await bear(scene, runs, slots);
  return [...claimed, ...(await scene.claim({ workerId, limit: limit - claimed.length }))];
}

const idsOf = (claimed: readonly ClaimedRun[]): readonly string[] => claimed.map(({ run }) => run.id);

/** All that can be read of a claimed run, but for its names. */
async function describeRun(scene: Scene, claimed: ClaimedRun | undefined) {
  if (claimed === undefined) throw new Error("Nothing was claimed.");
  const { id } = claimed.run;
  const names = { id: "", idempotencyKey: "" };
  return {
    claimed: { ...claimed, run: { ...claimed.run, ...names }, claim: claimed.claim.lease },
    stored: { ...(await scene.read(id)), ...names },
    events: await scene.store.readEvents({ runId: id, after: 0, limit: 100 }),
    listed: (await scene.store.listRuns({ search: id, statuses: ["EXECUTING"], limit: 9 })).map((run) => ({
      ...run,
      ...names,
    })),
    facts: await scene.store.readQueueFacts(id),
    lost: await scene.store.findLostClaims([claimed.claim]),
  };
}

/** Makes two runs alike, one of which is claimed after its birth; how both are told. */
async function describeBoth(scene: Scene, fields: (key: string) => Partial<NewRun>): Promise<readonly unknown[]> {
  const parent = await scene.start({ jobId: "report" });
  const step = task("send", { kind: "child" });
  const both = { claim: parent.claim, steps: [step] };
  const [later] = await scene.invoke(fields("later"), both).then(() => scene.claim());
  const told = await describeRun(scene, later);
  if (later !== undefined) await scene.succeed(later);
  const [born] = await bearAndClaim(scene, [scene.newRun(fields("born"))], { parent: both });
  return [await describeRun(scene, born), told];
}

export const newbornClaimCases: Cases = {
  "a run that is claimed at birth is as one that was claimed right after it": async (scene) => {
    const [later] = await scene.invoke().then(() => scene.claim());
    const told = await describeRun(scene, later);
    const [born] = await bearAndClaim(scene, [scene.newRun()]);
    expect(await describeRun(scene, born)).toEqual(told);
    expect(born?.run).toMatchObject({ status: "EXECUTING", startedAt: scene.now, executionCount: 1, eventCount: 2 });
    const mail = (await scene.store.listJobFacts()).find(({ id }) => id === "mail");
    expect(mail?.live).toEqual({ DELAYED: 0, QUEUED: 0, EXECUTING: 2, WAITING: 0 });
  },

  "so is one of which everything is to be said": async (scene) => {
    const [born, later] = await describeBoth(scene, (key) => ({
      ...FULL_RUN,
      input: `{"json":"${"long".repeat(1_000)}"}`,
      parentJobId: "report",
      idempotency: { key, digest: "d", expiresAt: scene.now + 1_000 },
      startAt: scene.now,
    }));
    const place = { facts: { limit: { taken: 1, heldBy: [expect.any(String)] } } };
    expect(born).toMatchObject(place);
    expect(born).toEqual({ ...(later as object), facts: { ...(born as { facts: object }).facts } });
  },

  "what is claimed at birth is told as executing, and not as ready": async (scene) => {
    const changes: StoreChange[] = [];
    const stop = scene.store.subscribe((change) => changes.push(change));
    const run = scene.newRun();
    const claimed = await bear(scene, [run]);
    stop();
    const told = changes.flatMap((change) => change.runs ?? []).find(({ runId }) => runId === run.id);
    expect(told).toEqual({ runId: run.id, status: await scene.statusOf(run.id) });
    expect(changes.some(({ hasReady }) => hasReady)).toBe(claimed.length === 0);
  },

  "no more are claimed than there are slots, the first of the line before the others": async (scene) => {
    const runs = [0, 5, -1, 5, 0].map((priority) => scene.newRun({ priority }));
    const inTurn = [runs[1], runs[3], runs[0], runs[4], runs[2]].map((run) => run?.id);
    expect(idsOf(await bearAndClaim(scene, runs, { limit: 2 }))).toEqual(inTurn.slice(0, 2));
    expect(idsOf(await bearAndClaim(scene, [], { limit: 9 }))).toEqual(inTurn.slice(2));
    const few = [0, 5].map((priority) => scene.newRun({ priority }));
    expect(idsOf(await bearAndClaim(scene, few))).toEqual([few[1]?.id, few[0]?.id]);
  },

  "B41 nothing is claimed at birth where another run is ready, whatever its priority": async (scene) => {
    const waiting = await scene.invoke();
    const [low, high] = [scene.newRun(), scene.newRun({ priority: 9 })];
    expect(await bear(scene, [low])).toEqual([]);
    expect(await bear(scene, [high])).toEqual([]);
    expect(await scene.claimIds()).toEqual([high.id, waiting, low.id]);
  },

  "what others wait for that cannot be claimed is in nobody's way": async (scene) => {
    await scene.invoke({ jobId: "nobody", priority: 9 });
    await scene.invoke({ ttlMs: 10, priority: 9 });
    scene.pass(10);
    const run = scene.newRun();
    expect(idsOf(await bearAndClaim(scene, [run]))).toEqual([run.id]);
  },

  "B41 what may not start is not claimed at birth": async (scene) => {
    await scene.store.setJobPaused({ jobId: "report", isPaused: true, now: scene.now });
    expect(await bear(scene, [scene.newRun({ jobId: "report" })])).toEqual([]);
    expect(await bear(scene, [scene.newRun({ startAt: scene.now + 1 })])).toEqual([]);
    expect(await bear(scene, [scene.newRun({ ttlMs: 0 })])).toEqual([]);
    expect(await bear(scene, [scene.newRun({ jobId: "nobody" })])).toEqual([]);
    expect(await scene.claim()).toEqual([]);
  },

  "nothing is claimed at birth without a slot, or for a worker that is not there": async (scene) => {
    await scene.openWorker("worker-9");
    await scene.killWorker("worker-9");
    expect(await bear(scene, [scene.newRun()], { limit: 0 })).toEqual([]);
    expect(await bear(scene, [scene.newRun()], { workerId: "nobody" })).toEqual([]);
    expect(await bear(scene, [scene.newRun()], { workerId: "worker-9" })).toEqual([]);
    expect(await scene.claim()).toHaveLength(3);
  },

  "B18 a run that is adopted is not claimed again, by key or by request": async (scene) => {
    const idempotency = { key: "k", digest: "d", expiresAt: scene.now + 1_000 };
    const runs = [scene.newRun({ idempotency }), scene.newRun({ idempotency })];
    expect(idsOf(await bearAndClaim(scene, runs, { requestId: "r-1" }))).toEqual([runs[0]?.id]);
    expect(await bearAndClaim(scene, [scene.newRun({ idempotency })])).toEqual([]);
    expect(await bearAndClaim(scene, [scene.newRun()], { requestId: "r-1" })).toEqual([]);
  },

  "B40 it takes its limit's place, and the next waits for that": async (scene) => {
    const limit = { ...LIMIT, max: 1 };
    const [first] = await bearAndClaim(scene, [scene.newRun({ limit })]);
    const second = scene.newRun({ limit, priority: 9 });
    expect(await bearAndClaim(scene, [second])).toEqual([]);
    expect((await scene.read(second.id)).hold).toBe("limit");
    if (first !== undefined) await scene.succeed(first);
    expect(await scene.claimIds()).toEqual([second.id]);
  },

  "B40 of several with one limit the first of the line have its places": async (scene) => {
    const runs = [0, 1, 2].map((priority) => scene.newRun({ priority, limit: LIMIT }));
    expect(idsOf(await bearAndClaim(scene, runs))).toEqual([runs[2]?.id, runs[1]?.id]);
    expect((await scene.read(runs[0]?.id ?? "")).hold).toBe("limit");
  },

  "B40 a limit that is larger at a birth lets those before it go first": async (scene) => {
    const limit = { ...LIMIT, max: 1 };
    await scene.start({ limit });
    const waiting = await scene.invoke({ limit });
    const run = scene.newRun({ limit: { ...LIMIT, max: 3 } });
    expect(idsOf(await bearAndClaim(scene, [run], { limit: 1 }))).toEqual([waiting]);
    expect(await scene.claimIds()).toEqual([run.id]);
  },

  "B22 a child that is claimed at birth wakes its parent with its end": async (scene) => {
    const parent = await scene.start({ jobId: "report" });
    const run = scene.newRun();
    const steps = [task("send", { kind: "child" })];
    const [child] = await bearAndClaim(scene, [run], { parent: { claim: parent.claim, steps } });
    await scene.park(parent, [waitForRuns("send/result", [run.id])]);
    if (child !== undefined) await scene.succeed(child);
    expect(await scene.statusOf(parent.run.id)).toBe("QUEUED");
  },

  "B44 the death of its worker is survived as by any claimed run": async (scene) => {
    const run = scene.newRun({ ttlMs: 10 });
    const [born] = await bearAndClaim(scene, [run]);
    await scene.killWorker();
    await scene.openWorker("worker-2");
    expect(await scene.recover()).toEqual({ requeued: 1, poisoned: 0 });
    scene.pass(20);
    const again = await scene.claimOnly(run.id, "worker-2");
    expect(again.run).toMatchObject({ crashCount: 1, executionCount: 2, startedAt: born?.run.startedAt });
    expect(born === undefined ? "none" : await scene.succeed(born)).toBe("lost");
    expect(await scene.fail(again)).toBe("settled");
    expect(await scene.retry(run.id)).toEqual({ kind: "reopened" });
    const life = ["QUEUED", "EXECUTING", "QUEUED", "EXECUTING", "FAILURE", "QUEUED"];
    expect(await scene.lifeOf(run.id)).toEqual(life);
  },

  "births and claims of two workers at the same moment never overlap": async (scene) => {
    const peer = await scene.openPeer();
    const job = { id: "mail", name: "mail", version: "1.0.0", isEnabled: true, limit: null };
    await peer.openWorker({ workerId: "worker-2", jobs: [job], now: scene.now });
    const claim = { workerId: "worker-2", limit: 1 };
    const request = () => ({ runs: [scene.newRun()], requestId: null, parent: null, now: scene.now });
    const births = Array.from({ length: 30 }, (_, index) =>
      index % 2 === 0 ? bear(scene, [scene.newRun()], { limit: 1 }) : peer.createRuns({ ...request(), claim }),
    );
    const claims = [scene.claim(), peer.claimRuns({ workerId: "worker-2", limit: 100, now: scene.now })];
    const born = (await Promise.all(births)).flatMap((one) => ("kind" in one ? Reflect.get(one, "claimed") : one));
    const claimed = (await Promise.all(claims)).flat();
    const ids = idsOf([...(born as ClaimedRun[]), ...claimed, ...(await scene.claim())]);
    expect(ids.length).toBe(30);
    expect(new Set(ids).size).toBe(30);
  },
};
