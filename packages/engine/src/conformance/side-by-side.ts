import { expect } from "vitest";
import type { ClaimedRun, TaskRecord } from "../store/records.ts";
import { auditLives } from "./audit-lives.ts";
import type { Cases } from "./cases.ts";
import { type Scene, toEnd } from "./scene.ts";
import { failedTask, task, waitForRuns } from "./task-records.ts";

/** More than a store is likely to write by one statement. */
const MANY = 45;

async function startMany(scene: Scene, count = MANY): Promise<readonly ClaimedRun[]> {
  await scene.invokeMany(count);
  return scene.claim();
}

/** Records the end of one step, as most executions do. */
function recordEnd(scene: Scene, run: ClaimedRun, step: TaskRecord) {
  return scene.record(run, { tasks: [step], events: [{ type: "task", at: scene.now, task: step }] });
}

const stepAt = (scene: Scene, id: string, fields: Partial<TaskRecord> = {}): TaskRecord =>
  task(id, { startedAt: scene.now, completedAt: scene.now, ...fields });

async function toldOf(scene: Scene, runId: string): Promise<readonly string[]> {
  const events = await scene.store.readEvents({ runId, after: 2, limit: 100 });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 3));
  return events.map((event) => (event.type === "task" ? event.taskId : event.type));
}

/** What is asked for in one turn, request by request: a store may do it together. */
export const sideBySideCases: Cases = {
  "births of one turn are runs in their order, whatever each brings": async (scene) => {
    const key = { key: "k", digest: "d", expiresAt: scene.now + 1_000 };
    const others = [{ idempotency: key }, { tags: ["vip"] }, { input: "x".repeat(5_000) }, { startAt: scene.now + 9 }];
    const runs = Array.from({ length: MANY }, (_, index) => scene.newRun(others[index - 20]));
    const again = scene.newRun({ idempotency: key });
    const outcomes = await Promise.all([...runs, again].map((run) => scene.create([run])));
    const made = runs.map(({ id }) => ({ kind: "created", runs: [{ id, isAdopted: false }], claimed: [] }));
    expect(outcomes.slice(0, -1)).toEqual(made);
    expect(outcomes.at(-1)).toMatchObject({ runs: [{ id: runs[20]?.id, isAdopted: true }] });
    const ready = runs.filter(({ startAt }) => startAt === null);
    expect((await scene.claim()).map(({ run, input }) => [run.id, input])).toEqual(
      ready.map(({ id, input }) => [id, input]),
    );
  },

  "a claim has what was born before it in the same turn": async (scene) => {
    const runs = Array.from({ length: MANY }, () => scene.newRun());
    const births = runs.map((run) => scene.create([run]));
    const ids = await scene.claimIds();
    await Promise.all(births);
    expect(ids).toEqual(runs.map(({ id }) => id));
  },

  "a birth for a free slot lets those that are born before it go first": async (scene) => {
    const births = [scene.newRun(), scene.newRun()].map((run) => scene.create([run]));
    const last = await scene.create([scene.newRun()], { claim: { workerId: "worker-1", limit: 1 } });
    await Promise.all(births);
    expect(last).toMatchObject({ kind: "created", claimed: [] });
  },

  "a child's maker waits for a run that is born before it in the same turn": async (scene) => {
    const maker = await scene.start();
    const awaited = scene.newRun();
    const births = [scene.create([awaited]), scene.create([scene.newRun()])];
    const steps = [waitForRuns("w", [awaited.id])];
    await scene.create([scene.newRun()], { parent: { claim: maker.claim, steps } });
    await Promise.all(births);
    expect(await scene.taskOf(maker.run.id, "w")).toMatchObject({ status: "WAITING" });
  },

  "steps of one turn are recorded each for its run, and lost for those that are no longer claimed": async (scene) => {
    const runs = await startMany(scene);
    const [canceled, failing, twice] = [runs[7], runs[20], runs[33]] as [ClaimedRun, ClaimedRun, ClaimedRun];
    await scene.cancel(canceled.run.id);
    const outcomes = await Promise.all([
      ...runs.map((run) => recordEnd(scene, run, run === failing ? failedTask("a") : stepAt(scene, "a"))),
      recordEnd(scene, twice, stepAt(scene, "b", { ordinal: 2, endOrdinal: 2 })),
    ]);
    const recorded = { kind: "recorded", resolved: [] };
    expect(outcomes).toEqual([...runs.map((run) => (run === canceled ? { kind: "lost" } : recorded)), recorded]);
    for (const run of runs) {
      const told = run === twice ? ["a", "b"] : ["a"];
      expect(await toldOf(scene, run.run.id)).toEqual(run === canceled ? ["status"] : told);
    }
    for (const run of runs.filter((one) => one !== canceled))
      await recordEnd(scene, run, stepAt(scene, "c", { ordinal: 3 }));
    expect(await toldOf(scene, twice.run.id)).toEqual(["a", "b", "c"]);
    await auditLives(scene.store);
  },

  "several steps of one run that are recorded in one turn are told of in their order": async (scene) => {
    const [run, other] = (await startMany(scene, 2)) as [ClaimedRun, ClaimedRun];
    const ids = Array.from({ length: MANY }, (_, index) => `s${index}`);
    await Promise.all(
      ids.map((id, index) =>
        recordEnd(scene, index % 9 === 4 ? other : run, stepAt(scene, id, { ordinal: index + 1 })),
      ),
    );
    expect(await toldOf(scene, run.run.id)).toEqual(ids.filter((_, index) => index % 9 !== 4));
    expect(await toldOf(scene, other.run.id)).toEqual(ids.filter((_, index) => index % 9 === 4));
  },

  "ends of one turn end each its run, once, and wake who waits for it": async (scene) => {
    const parent = await scene.start();
    const runs = await startMany(scene);
    const [canceled, awaited, twice] = [runs[7], runs[20], runs[33]] as [ClaimedRun, ClaimedRun, ClaimedRun];
    await scene.park(parent, [waitForRuns("w", [awaited.run.id])]);
    await scene.cancel(canceled.run.id);
    const ends = [...runs, twice].map(({ claim }, index) => toEnd(claim, "SUCCESS", { output: `{"json":${index}}` }));
    const outcomes = await Promise.all(ends.map((end) => scene.settle(end)));
    expect(outcomes).toEqual([...runs.map((run) => (run === canceled ? "lost" : "settled")), "lost"]);
    for (const [index, { run }] of runs.entries()) {
      const output = run.id === canceled.run.id ? null : `{"json":${index}}`;
      expect(await scene.read(run.id)).toMatchObject({ status: output === null ? "CANCELED" : "SUCCESS", output });
    }
    expect(await scene.claimIds()).toEqual([parent.run.id]);
  },
};
