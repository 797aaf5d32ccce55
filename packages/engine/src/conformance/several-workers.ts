import { expect } from "vitest";
import type { Claim } from "../store/records.ts";
import type { Store, WorkerJob } from "../store/store.ts";
import type { Cases } from "./cases.ts";
import { type Scene, toEnd } from "./scene.ts";

const JOBS: readonly WorkerJob[] = [{ id: "mail", name: "mail", version: "1.0.0", isEnabled: true, limit: null }];

interface Desk {
  readonly store: Store;
  readonly workerId: string;
}

/** Three workers on three instances. */
async function openDesks(scene: Scene): Promise<readonly Desk[]> {
  const stores = [scene.store, await scene.openPeer(), await scene.openPeer()];
  const desks = stores.map((store, index) => ({ store, workerId: `desk-${index}` }));
  for (const { store, workerId } of desks) await store.openWorker({ workerId, jobs: JOBS, now: scene.now });
  return desks;
}

/** Works until nothing is ready, settling what it claimed only after the other workers had their turn. */
async function work(
  scene: Scene,
  { store, workerId }: Desk,
  seen: { executing: number; most: number; done: string[] },
): Promise<void> {
  for (;;) {
    const claimed = await store.claimRuns({ workerId, limit: 2, now: scene.now });
    if (claimed.length === 0) return;
    seen.executing += claimed.length;
    seen.most = Math.max(seen.most, seen.executing);
    await new Promise((resolve) => setImmediate(resolve));
    seen.executing -= claimed.length;
    seen.done.push(...claimed.map(({ run }) => run.id));
    await store.settleRuns({ settlements: claimed.map(({ claim }) => toEnd(claim, "SUCCESS")), now: scene.now });
  }
}

export const severalWorkersCases: Cases = {
  "B33 every run is executed once by all workers together": async (scene) => {
    const desks = await openDesks(scene);
    const ids = await scene.invokeMany(60);
    const seen = { executing: 0, most: 0, done: [] as string[] };
    await Promise.all(desks.map((desk) => work(scene, desk, seen)));
    expect(seen.done.toSorted()).toEqual(ids);
    for (const run of await scene.store.readRuns(ids))
      expect(run).toMatchObject({ status: "SUCCESS", executionCount: 1 });
  },

  "B40 a limit holds for all workers together": async (scene) => {
    const desks = await openDesks(scene);
    const ids = await scene.invokeMany(40, { limit: { id: "job:mail", max: 3 } });
    const seen = { executing: 0, most: 0, done: [] as string[] };
    while (seen.done.length < ids.length) await Promise.all(desks.map((desk) => work(scene, desk, seen)));
    expect(seen.most).toBeLessThanOrEqual(3);
    expect(seen.done.toSorted()).toEqual(ids);
  },

  "what one instance wrote, another reads": async (scene) => {
    const peer = await scene.openPeer();
    const id = await scene.invoke();
    expect(await peer.readRun(id)).toMatchObject({ id, status: "QUEUED" });
    await peer.cancelRun({ runId: id, now: scene.now });
    expect(await scene.statusOf(id)).toBe("CANCELED");
  },

  "a claim is good through every instance": async (scene) => {
    const peer = await scene.openPeer();
    const { claim, run } = await scene.start();
    expect(await peer.findLostClaims([claim])).toEqual([]);
    expect(await peer.settleRuns({ settlements: [toEnd(claim, "SUCCESS")], now: scene.now })).toEqual(["settled"]);
    expect(await scene.statusOf(run.id)).toBe("SUCCESS");
  },

  "B44 the death of one worker leaves the others' runs alone": async (scene) => {
    const [first, second] = await openDesks(scene);
    if (first === undefined || second === undefined) throw new Error("Desks are missing.");
    await scene.invokeMany(4);
    const claims: Claim[][] = [];
    for (const { store, workerId } of [first, second]) {
      claims.push((await store.claimRuns({ workerId, limit: 2, now: scene.now })).map(({ claim }) => claim));
    }
    await scene.killWorker(first.workerId);
    const request = { now: scene.now, poisonAfter: 5, poisonError: "e" };
    expect(await second.store.recoverRuns(request)).toEqual({ requeued: 2, poisoned: 0 });
    expect(await second.store.findLostClaims(claims[1] ?? [])).toEqual([]);
    expect(await second.store.findLostClaims(claims[0] ?? [])).toHaveLength(2);
  },
};
