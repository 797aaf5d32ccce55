import { expect } from "vitest";
import type { ClaimedRun, NewRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import { type Scene, toEnd } from "./scene.ts";

function under(max: number, id = "job:mail"): Pick<NewRun, "limit"> {
  return { limit: { id, max } };
}

/** Ends the runs and claims in the same moment, as a worker does whose slots fall free: a store may do both at once. */
async function endAndClaim(
  scene: Scene,
  ended: readonly ClaimedRun[],
  { limit = 100, ahead }: { readonly limit?: number; readonly ahead?: number } = {},
): Promise<readonly string[]> {
  const [outcomes, claimed] = await Promise.all([
    scene.store.settleRuns({ settlements: ended.map(({ claim }) => toEnd(claim, "SUCCESS")), now: scene.now }),
    scene.store.claimRuns({ workerId: "worker-1", limit, ahead, now: scene.now }),
  ]);
  expect(outcomes).toEqual(ended.map(() => "settled"));
  return claimed.map(({ run }) => run.id);
}

async function statesOf(scene: Scene, ids: readonly string[]): Promise<readonly unknown[]> {
  return (await scene.store.readRuns(ids)).map((run) =>
    run?.status === "QUEUED" ? (run.hold ?? "ready") : run?.status,
  );
}

async function placesOf(scene: Scene, limitId = "job:mail"): Promise<unknown> {
  return (await scene.store.listLimits({ limit: 10, countTo: 100 })).find(({ id }) => id === limitId);
}

/** Places that fall free in the moment of a claim. */
export const handoverCases: Cases = {
  "B40 a freed place goes to the first of its backlog, which the claim has": async (scene) => {
    const running = await scene.start(under(1));
    const ids = await scene.invokeMany(2, under(1));
    const high = await scene.invoke({ ...under(1), priority: 1 });
    expect(await endAndClaim(scene, [running])).toEqual([high]);
    expect(await statesOf(scene, [...ids, high])).toEqual(["limit", "limit", "EXECUTING"]);
    expect(await placesOf(scene)).toMatchObject({ taken: 1, max: 1, waiting: 2 });
  },

  "a claimed run that had waited for a place is as any other": async (scene) => {
    const running = await scene.start(under(1));
    const id = await scene.invoke({ ...under(1), tags: ["vip"], input: '{"json":7}' });
    scene.pass(5);
    const [, [claimed]] = await Promise.all([
      scene.succeed(running),
      scene.store.claimRuns({ workerId: "worker-1", limit: 9, now: scene.now }),
    ]);
    expect(claimed).toMatchObject({ input: '{"json":7}', claim: { runId: id, lease: 1 }, tasks: [] });
    const { eventCount, hold, queuedAt } = await scene.read(id);
    expect(claimed?.run).toMatchObject({ id, status: "EXECUTING", hold, queuedAt, eventCount, startedAt: scene.now });
    expect(await scene.succeed(claimed as ClaimedRun)).toBe("settled");
    expect(await placesOf(scene)).toMatchObject({ taken: 0, waiting: 0 });
  },

  "B40 several freed places go to as many, in their order, and no more": async (scene) => {
    const ids = await scene.invokeMany(9, under(3));
    const running = await scene.claim();
    expect(await endAndClaim(scene, running)).toEqual(ids.slice(3, 6));
    expect(await statesOf(scene, ids.slice(6))).toEqual(["limit", "limit", "limit"]);
    expect(await placesOf(scene)).toMatchObject({ taken: 3, max: 3, waiting: 3 });
  },

  "who has a place, and is not claimed for want of slots, is ready": async (scene) => {
    const ids = await scene.invokeMany(5, under(2));
    const running = await scene.claim();
    expect(await endAndClaim(scene, running, { limit: 1 })).toEqual([ids[2]]);
    expect(await statesOf(scene, ids.slice(2))).toEqual(["EXECUTING", "ready", "limit"]);
  },

  "B41 whoever is ready and comes before is claimed first": async (scene) => {
    const running = await scene.start(under(1));
    const waiting = await scene.invoke(under(1));
    const urgent = await scene.invoke({ priority: 5 });
    expect(await endAndClaim(scene, [running], { limit: 1 })).toEqual([urgent]);
    expect(await statesOf(scene, [waiting])).toEqual(["ready"]);
  },

  "the places of several limits fall free at once": async (scene) => {
    const running = [];
    for (const id of ["a", "b", "c"]) running.push(await scene.start(under(1, id)));
    const waiting = [];
    for (const id of ["c", "a", "b"]) waiting.push(await scene.invoke(under(1, id)));
    expect(await endAndClaim(scene, running)).toEqual(waiting);
    for (const id of ["a", "b", "c"]) expect(await placesOf(scene, id)).toMatchObject({ taken: 1, waiting: 0 });
  },

  "B41 of several limits' heirs the first come first, where there are slots for some": async (scene) => {
    const running = [];
    for (const id of ["a", "b", "c"]) running.push(await scene.start(under(1, id)));
    const waiting = [];
    for (const id of ["c", "a", "b"]) waiting.push(await scene.invoke(under(1, id)));
    expect(await endAndClaim(scene, running, { limit: 2 })).toEqual(waiting.slice(0, 2));
    expect(await statesOf(scene, waiting)).toEqual(["EXECUTING", "EXECUTING", "ready"]);
  },

  "a place of a limit that several jobs share goes to its first, whoever executes that job": async (scene) => {
    const running = await scene.start(under(1, "shared"));
    const first = await scene.invoke({ jobId: "elsewhere", ...under(1, "shared") });
    const second = await scene.invoke(under(1, "shared"));
    expect(await endAndClaim(scene, [running])).toEqual([]);
    expect(await statesOf(scene, [first, second])).toEqual(["ready", "limit"]);
  },

  "nobody has a place of a limit that has become smaller": async (scene) => {
    const ids = await scene.invokeMany(2, under(2));
    const [one, other] = (await scene.claim()) as [ClaimedRun, ClaimedRun];
    const waiting = await scene.invoke(under(1));
    expect(ids).toHaveLength(2);
    expect(await endAndClaim(scene, [one])).toEqual([]);
    expect(await statesOf(scene, [waiting])).toEqual(["limit"]);
    expect(await endAndClaim(scene, [other])).toEqual([waiting]);
  },

  "a run whose time to start is over has a place and is not claimed": async (scene) => {
    const running = await scene.start(under(1));
    const late = await scene.invoke({ ...under(1), ttlMs: 10 });
    scene.pass(10);
    expect(await endAndClaim(scene, [running])).toEqual([]);
    expect(await statesOf(scene, [late])).toEqual(["ready"]);
    await scene.advance(0);
    expect(await statesOf(scene, [late])).toEqual(["EXPIRED"]);
    expect(await placesOf(scene)).toMatchObject({ taken: 0 });
  },

  "runs without a limit are claimed ahead of the slots as ever": async (scene) => {
    const running = await scene.start(under(1));
    const waiting = await scene.invoke(under(1));
    expect(await endAndClaim(scene, [running], { limit: 1, ahead: 5 })).toEqual([waiting]);
    const free = await scene.invokeMany(3);
    expect(await endAndClaim(scene, [], { limit: 1, ahead: 1 })).toEqual(free.slice(0, 2));
  },

  "a place that was freed by hand, or by the end of a wait, is given on as well": async (scene) => {
    const running = await scene.start(under(1));
    const ids = await scene.invokeMany(3, under(1));
    await Promise.all([
      scene.store.cancelRun({ runId: running.run.id, now: scene.now }),
      scene.store.releaseRuns({ claims: [running.claim], now: scene.now }),
      scene.store.cancelRun({ runId: ids[0] ?? "", now: scene.now }),
      scene.invoke({ ...under(1), priority: 1 }),
    ]);
    expect(await placesOf(scene)).toMatchObject({ taken: 1, waiting: 2 });
    expect(await statesOf(scene, ids)).toEqual(["CANCELED", "limit", "limit"]);
  },
};
