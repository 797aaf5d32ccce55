import { expect } from "vitest";
import type { DeliveryRequest } from "../store/deliveries.ts";
import type { Delivery } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";

const CALLBACK = { callbackUrl: "https://example.com/done" };

/** Of callbacks, as many as there are in these cases. */
function toRequest(scene: Scene, fields: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return { workerId: "worker-1", kind: "callback", limit: 10, limitOfReceiver: 10, now: scene.now, ...fields };
}

async function take(scene: Scene, fields?: Partial<DeliveryRequest>): Promise<readonly Delivery[]> {
  return (await scene.store.claimDeliveries(toRequest(scene, fields))).deliveries;
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
    const deliveries = [...(await take(scene)), ...(await take(scene, { kind: "hook" }))];
    expect(deliveries.map(({ runId, kind }) => ({ runId, kind }))).toEqual([
      { runId: run.run.id, kind: "callback" },
      { runId: run.run.id, kind: "hook" },
    ]);
    for (const delivery of deliveries)
      await scene.store.finishDelivery({ delivery, retryAt: delivery.kind === "hook" ? null : scene.now });
    expect(await take(scene, { kind: "hook" })).toEqual([]);
    expect(await take(scene)).toMatchObject([{ kind: "callback", attempt: 2 }]);
  },

  "B50 a delivery that failed comes again at its time, counted": async (scene) => {
    const run = await scene.start(CALLBACK);
    await scene.succeed(run);
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      const delivery = await takeOne(scene);
      expect(delivery).toMatchObject({ attempt });
      await scene.store.finishDelivery({ delivery, retryAt: scene.now + 1_000 });
      const early = await scene.store.claimDeliveries(toRequest(scene, { now: scene.pass(999) }));
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
    const request = toRequest(scene, { workerId: "worker-2" });
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
    expect(await take(scene, { workerId: "reporter" })).toEqual([]);
    expect(await take(scene)).toHaveLength(1);
  },

  "no more than asked for are taken, and the rest is due": async (scene) => {
    for (let index = 0; index < 3; index += 1) await scene.succeed(await scene.start(CALLBACK));
    const request = toRequest(scene, { limit: 2 });
    const first = await scene.store.claimDeliveries(request);
    expect(first.deliveries).toHaveLength(2);
    expect(first.nextAt).toBeLessThanOrEqual(scene.now);
    expect((await scene.store.claimDeliveries(request)).deliveries).toHaveLength(1);
  },

  "of one receiver a worker has no more than it may, and the others are not behind it": async (scene) => {
    const urls = ["https://one.test/a", "https://one.test/b?c", "https://one.test:8443/a", "HTTPS://One.test:443"];
    const ids: string[] = [];
    for (const callbackUrl of urls) {
      const run = await scene.start({ callbackUrl });
      ids.push(run.run.id);
      scene.pass(1);
      await scene.succeed(run);
    }
    const request = toRequest(scene, { limitOfReceiver: 2 });
    const first = await scene.store.claimDeliveries(request);
    expect(first.deliveries.map(({ runId }) => runId)).toEqual([ids[0], ids[1], ids[2]]);
    // What is left is due, for a receiver that is full: nobody is to look for it again.
    expect(first.nextAt).toBeNull();
    expect(await scene.store.claimDeliveries(request)).toEqual({ deliveries: [], nextAt: null });
    await scene.store.finishDelivery({ delivery: first.deliveries[0] as Delivery, retryAt: scene.now + 1_000 });
    expect(await take(scene, { limitOfReceiver: 2 })).toMatchObject([{ runId: ids[3] }]);
  },

  "the receiver of a hook is its job": async (scene) => {
    for (const jobId of ["mail", "mail", "report"]) await scene.succeed(await scene.start({ jobId, hasHooks: true }));
    const deliveries = await take(scene, { kind: "hook", limitOfReceiver: 1 });
    expect(deliveries.map(({ jobId }) => jobId).toSorted()).toEqual(["mail", "report"]);
  },

  "a receiver that is full at one worker is told by another": async (scene) => {
    await scene.openWorker("worker-2");
    for (let index = 0; index < 2; index += 1) await scene.succeed(await scene.start(CALLBACK));
    const [first] = await take(scene, { limitOfReceiver: 1 });
    const [second] = await take(scene, { workerId: "worker-2", limitOfReceiver: 1 });
    expect(new Set([first?.runId, second?.runId, undefined])).toHaveLength(3);
  },

  "the longest due are taken first, of whichever receiver": async (scene) => {
    const ids: string[] = [];
    for (const host of ["b", "a", "c", "a"]) {
      const run = await scene.start({ callbackUrl: `https://${host}.test/` });
      ids.push(run.run.id);
      scene.pass(1);
      await scene.succeed(run);
    }
    const { deliveries, nextAt } = await scene.store.claimDeliveries(toRequest(scene, { limit: 2 }));
    expect(deliveries.map(({ runId }) => runId)).toEqual(ids.slice(0, 2));
    expect(nextAt).toBe(scene.now - 1);
    expect((await take(scene)).map(({ runId }) => runId)).toEqual(ids.slice(2));
  },

  "the deliveries of a dead worker are taken over with its runs": async (scene) => {
    const run = await scene.start(CALLBACK);
    await scene.succeed(run);
    await scene.openWorker("worker-2");
    await take(scene);
    await scene.killWorker("worker-1");
    expect(await take(scene, { workerId: "worker-2" })).toEqual([]);
    await scene.recover();
    expect(await take(scene, { workerId: "worker-2" })).toMatchObject([{ runId: run.run.id }]);
  },

  "deliveries at the same moment never overlap": async (scene) => {
    const peer = await scene.openPeer();
    for (let index = 0; index < 6; index += 1) await scene.succeed(await scene.start(CALLBACK));
    const request = toRequest(scene, { limit: 2 });
    const answers = await Promise.all(
      [scene.store, peer, scene.store, peer].map((store) => store.claimDeliveries(request)),
    );
    const taken = answers.flatMap(({ deliveries }) => deliveries.map(({ runId }) => runId));
    expect(new Set(taken)).toHaveLength(taken.length);
    expect(taken).toHaveLength(6);
  },
};
