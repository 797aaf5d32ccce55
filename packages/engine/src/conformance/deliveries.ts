import { expect } from "vitest";
import type { Delivery } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";

const CALLBACK = { callbackUrl: "https://example.com/done" };

async function take(scene: Scene, workerId = "worker-1"): Promise<readonly Delivery[]> {
  return (await scene.store.claimDeliveries({ workerId, limit: 10, now: scene.now })).deliveries;
}

async function takeOne(scene: Scene): Promise<Delivery> {
  const deliveries = await take(scene);
  expect(deliveries).toHaveLength(1);
  return deliveries[0] as Delivery;
}

export const deliveryCases: Cases = {
  "B50 every end of a run with a callback is one delivery": async (scene) => {
    const ends: readonly ((run: Awaited<ReturnType<Scene["start"]>>) => Promise<unknown>)[] = [
      (run) => scene.succeed(run),
      (run) => scene.fail(run),
      (run) => scene.end(run, "TIMED_OUT"),
      (run) => scene.cancel(run.run.id),
    ];
    for (const end of ends) {
      const run = await scene.start(CALLBACK);
      expect(await take(scene)).toEqual([]);
      await end(run);
      expect(await take(scene)).toEqual([
        { runId: run.run.id, jobId: "mail", kind: "callback", attempt: 1, createdAt: scene.now },
      ]);
      expect(await take(scene)).toEqual([]);
    }
  },

  "a commit tells that there are deliveries to be made, and one without says nothing of them": async (scene) => {
    const changes: boolean[] = [];
    scene.store.subscribe(({ hasDeliveries }) => changes.push(hasDeliveries));
    await scene.succeed(await scene.start());
    expect(changes).not.toContain(true);
    await scene.succeed(await scene.start(CALLBACK));
    expect(changes.at(-1)).toBe(true);
  },

  "B50 an expired run is told of too": async (scene) => {
    const id = await scene.invoke({ ...CALLBACK, ttlMs: 10 });
    await scene.advance(10);
    expect(await take(scene)).toMatchObject([{ runId: id, kind: "callback" }]);
  },

  "hooks and callbacks are told apart, and runs without either are not told of": async (scene) => {
    await scene.succeed(await scene.start());
    const run = await scene.start({ ...CALLBACK, hasHooks: true });
    await scene.succeed(run);
    const deliveries = await take(scene);
    expect(new Set(deliveries.map(({ kind }) => kind))).toEqual(new Set(["callback", "hook"]));
    expect(deliveries).toHaveLength(2);
    for (const delivery of deliveries)
      await scene.store.finishDelivery({ delivery, retryAt: delivery.kind === "hook" ? null : scene.now });
    expect(await take(scene)).toMatchObject([{ kind: "callback", attempt: 2 }]);
  },

  "B50 a delivery that failed comes again at its time, counted": async (scene) => {
    const run = await scene.start(CALLBACK);
    await scene.succeed(run);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const delivery = await takeOne(scene);
      expect(delivery).toMatchObject({ attempt });
      await scene.store.finishDelivery({ delivery, retryAt: scene.now + 1_000 });
      const early = await scene.store.claimDeliveries({ workerId: "worker-1", limit: 10, now: scene.pass(999) });
      expect(early).toEqual({ deliveries: [], nextAt: scene.now + 1 });
      scene.pass(1);
    }
  },

  "B50 a delivery that was made, or given up, does not come again": async (scene) => {
    const run = await scene.start(CALLBACK);
    await scene.succeed(run);
    await scene.store.finishDelivery({ delivery: await takeOne(scene), retryAt: null });
    scene.pass(86_400_000);
    await scene.killWorker("worker-1");
    await scene.openWorker("worker-2");
    await scene.recover();
    const request = { workerId: "worker-2", limit: 10, now: scene.now };
    expect(await scene.store.claimDeliveries(request)).toEqual({ deliveries: [], nextAt: null });
    expect(await scene.statusOf(run.run.id)).toBe("SUCCESS");
  },

  "B50 a run that is opened again is told of when it ends again": async (scene) => {
    const run = await scene.start({ callbackUrl: "https://example.com/done" });
    const other = await scene.start({ callbackUrl: "https://example.com/done" });
    await scene.fail(run);
    await scene.fail(other);
    await scene.retry(run.run.id);
    expect(await take(scene)).toMatchObject([{ runId: other.run.id }]);
    await scene.succeed(await scene.claimOnly(run.run.id));
    expect(await take(scene)).toMatchObject([{ runId: run.run.id, attempt: 1 }]);
  },

  "B50 what comes of telling an end leaves the delivery of a later end of that run alone": async (scene) => {
    const run = await scene.start(CALLBACK);
    await scene.fail(run);
    const first = await takeOne(scene);
    scene.pass(1);
    await scene.retry(run.run.id);
    await scene.succeed(await scene.claimOnly(run.run.id));
    await scene.store.finishDelivery({ delivery: first, retryAt: null });
    const second = await takeOne(scene);
    await scene.store.finishDelivery({ delivery: first, retryAt: scene.now });
    expect(await take(scene)).toEqual([]);
    await scene.store.finishDelivery({ delivery: second, retryAt: scene.now });
    expect(await takeOne(scene)).toMatchObject({ attempt: 2 });
  },

  "a worker makes the deliveries of its own jobs": async (scene) => {
    const job = { id: "report", name: "report", version: "1.0.0", isEnabled: true, limit: null };
    await scene.openWorker("reporter", [job]);
    await scene.succeed(await scene.start(CALLBACK));
    expect(await take(scene, "reporter")).toEqual([]);
    expect(await take(scene)).toHaveLength(1);
  },

  "no more than asked for are taken, and the rest is due": async (scene) => {
    for (let index = 0; index < 3; index += 1) await scene.succeed(await scene.start(CALLBACK));
    const request = { workerId: "worker-1", limit: 2, now: scene.now };
    const first = await scene.store.claimDeliveries(request);
    expect(first.deliveries).toHaveLength(2);
    expect(first.nextAt).toBeLessThanOrEqual(scene.now);
    expect((await scene.store.claimDeliveries(request)).deliveries).toHaveLength(1);
  },

  "the deliveries of a dead worker are taken over with its runs": async (scene) => {
    const run = await scene.start(CALLBACK);
    await scene.succeed(run);
    await scene.openWorker("worker-2");
    await take(scene, "worker-1");
    await scene.killWorker("worker-1");
    expect(await take(scene, "worker-2")).toEqual([]);
    await scene.recover();
    expect(await take(scene, "worker-2")).toMatchObject([{ runId: run.run.id }]);
  },

  "deliveries at the same moment never overlap": async (scene) => {
    const peer = await scene.openPeer();
    for (let index = 0; index < 6; index += 1) await scene.succeed(await scene.start(CALLBACK));
    const request = { workerId: "worker-1", limit: 2, now: scene.now };
    const answers = await Promise.all(
      [scene.store, peer, scene.store, peer].map((store) => store.claimDeliveries(request)),
    );
    const taken = answers.flatMap(({ deliveries }) => deliveries.map(({ runId }) => runId));
    expect(new Set(taken)).toHaveLength(taken.length);
    expect(taken).toHaveLength(6);
  },
};
