import { expect } from "vitest";
import type { NewRun } from "../store/records.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";

const DAY_MS = 86_400_000;

/** The fields of a run that is made once for this key. */
function once(scene: Scene, key: string, { digest = "d", ttlMs = 30 * DAY_MS } = {}): Pick<NewRun, "idempotency"> {
  return { idempotency: { key, digest, expiresAt: scene.now + ttlMs } };
}

export const idempotencyCases: Cases = {
  "B18 the same key and payload lead to the first run": async (scene) => {
    const first = await scene.invoke(once(scene, "signup-1"));
    const outcome = await scene.create([scene.newRun(once(scene, "signup-1"))]);
    expect(outcome).toEqual({ kind: "created", runs: [{ id: first, isAdopted: true }], claimed: [] });
    expect(await scene.claimIds()).toEqual([first]);
  },

  "B18 fifty calls at once, through two instances, make one run": async (scene) => {
    const peer = await scene.openPeer();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const store = index % 2 === 0 ? scene.store : peer;
        return store.createRuns({
          runs: [scene.newRun(once(scene, "k"))],
          requestId: null,
          parent: null,
          now: scene.now,
        });
      }),
    );
    const runs = outcomes.map((outcome) => (outcome.kind === "created" ? outcome.runs[0] : undefined));
    expect(new Set(runs.map((run) => run?.id)).size).toBe(1);
    expect(runs.filter((run) => run?.isAdopted === false)).toHaveLength(1);
    expect(await scene.claimIds()).toEqual([runs[0]?.id]);
  },

  "B19 the same key with another payload is a conflict, and the run is untouched": async (scene) => {
    const first = await scene.invoke(once(scene, "signup-1"));
    const before = await scene.read(first);
    const outcome = await scene.create([
      scene.newRun({ ...once(scene, "signup-1", { digest: "other" }), priority: 9 }),
    ]);
    expect(outcome).toEqual({ kind: "conflict", index: 0, runId: first });
    expect(await scene.read(first)).toEqual(before);
    expect(await scene.store.listRuns({ limit: 10 })).toHaveLength(1);
  },

  "B30 a conflict refuses the whole batch and names the item": async (scene) => {
    const first = await scene.invoke(once(scene, "taken"));
    const batch = [
      scene.newRun(),
      scene.newRun(once(scene, "free")),
      scene.newRun(once(scene, "taken", { digest: "other" })),
    ];
    expect(await scene.create(batch)).toEqual({ kind: "conflict", index: 2, runId: first });
    expect(await scene.store.listRuns({ limit: 10 })).toHaveLength(1);
    expect(await scene.create([scene.newRun(once(scene, "free", { digest: "any" }))])).toMatchObject({
      kind: "created",
    });
  },

  "B18 equal items of one batch are one run": async (scene) => {
    const batch = [scene.newRun(once(scene, "k")), scene.newRun(), scene.newRun(once(scene, "k"))];
    expect(await scene.create(batch)).toEqual({
      kind: "created",
      runs: [
        { id: batch[0]?.id, isAdopted: false },
        { id: batch[1]?.id, isAdopted: false },
        { id: batch[0]?.id, isAdopted: true },
      ],
      claimed: [],
    });
    expect(await scene.store.listRuns({ limit: 10 })).toHaveLength(2);
  },

  "B19 one key with two payloads in one batch is a conflict": async (scene) => {
    const batch = [scene.newRun(once(scene, "k")), scene.newRun(once(scene, "k", { digest: "other" }))];
    expect(await scene.create(batch)).toEqual({ kind: "conflict", index: 1, runId: batch[0]?.id });
    expect(await scene.store.listRuns({ limit: 10 })).toEqual([]);
  },

  "B20 the same key on two jobs makes two runs": async (scene) => {
    const mail = await scene.invoke(once(scene, "k"));
    const report = await scene.invoke({ jobId: "report", ...once(scene, "k", { digest: "other" }) });
    expect(report).not.toBe(mail);
  },

  "B20 a key outlives a restart and the success of its run": async (scene) => {
    const run = await scene.start(once(scene, "k"));
    await scene.succeed(run);
    await scene.reopen();
    expect(await scene.create([scene.newRun(once(scene, "k"))])).toMatchObject({
      runs: [{ id: run.run.id, isAdopted: true }],
    });
  },

  "B20 a key is free after failure and after a timeout": async (scene) => {
    for (const status of ["FAILURE", "TIMED_OUT"] as const) {
      const run = await scene.start(once(scene, status));
      await scene.end(run, status);
      const next = scene.newRun(once(scene, status, { digest: "other" }));
      expect(await scene.create([next])).toMatchObject({ runs: [{ id: next.id, isAdopted: false }] });
      await scene.cancel(next.id);
    }
  },

  "B20 a key is free after cancel": async (scene) => {
    await scene.cancel(await scene.invoke(once(scene, "k")));
    const next = scene.newRun(once(scene, "k", { digest: "other" }));
    expect(await scene.create([next])).toMatchObject({ runs: [{ id: next.id, isAdopted: false }] });
  },

  "B20 a key is free after expiry of its run": async (scene) => {
    const expired = await scene.invoke({ ...once(scene, "k"), ttlMs: 10 });
    await scene.advance(10);
    expect(await scene.statusOf(expired)).toBe("EXPIRED");
    const next = scene.newRun(once(scene, "k"));
    expect(await scene.create([next])).toMatchObject({ runs: [{ id: next.id, isAdopted: false }] });
  },

  "B20 a key is free once its time is over and its run has ended": async (scene) => {
    await scene.succeed(await scene.start(once(scene, "k", { ttlMs: 1_000 })));
    scene.pass(999);
    expect(await scene.create([scene.newRun(once(scene, "k", { digest: "other" }))])).toMatchObject({
      kind: "conflict",
    });
    scene.pass(1);
    const next = scene.newRun(once(scene, "k", { digest: "other" }));
    expect(await scene.create([next])).toMatchObject({ runs: [{ id: next.id, isAdopted: false }] });
    expect(await scene.create([scene.newRun(once(scene, "k", { digest: "other" }))])).toMatchObject({
      runs: [{ id: next.id, isAdopted: true }],
    });
  },

  "B20 an unfinished run keeps its key beyond its time": async (scene) => {
    const run = await scene.invoke(once(scene, "k", { ttlMs: 1_000 }));
    scene.pass(DAY_MS);
    expect(await scene.create([scene.newRun(once(scene, "k"))])).toMatchObject({
      runs: [{ id: run, isAdopted: true }],
    });
  },

  "B21 keys may be long, and hold any character": async (scene) => {
    const keys = ["x".repeat(2_048), "a\u0000b", "a\u0000c", "👩‍👧", "A", "a", " a", "a%", "é", "e\u0301"];
    const ids = [];
    for (const key of keys) ids.push(await scene.invoke(once(scene, key)));
    expect(new Set(ids).size).toBe(keys.length);
    for (const [index, key] of keys.entries()) {
      expect(await scene.create([scene.newRun(once(scene, key))])).toMatchObject({ runs: [{ id: ids[index] }] });
      expect((await scene.read(ids[index] ?? "")).idempotencyKey).toBe(key);
    }
  },

  "B48 a retried run has its key again": async (scene) => {
    const run = await scene.start(once(scene, "k"));
    await scene.fail(run);
    expect(await scene.retry(run.run.id)).toEqual({ kind: "reopened" });
    expect(await scene.create([scene.newRun(once(scene, "k", { digest: "other" }))])).toEqual({
      kind: "conflict",
      index: 0,
      runId: run.run.id,
    });
  },

  "B48 a run is not retried when its key was taken meanwhile": async (scene) => {
    const run = await scene.start(once(scene, "k"));
    await scene.fail(run);
    const taker = await scene.invoke(once(scene, "k"));
    expect(await scene.retry(run.run.id)).toEqual({ kind: "key-taken", runId: taker });
    expect(await scene.statusOf(run.run.id)).toBe("FAILURE");
    await scene.cancel(taker);
    expect(await scene.retry(run.run.id)).toEqual({ kind: "reopened" });
  },
};
