import { expect } from "vitest";
import type { RunQuery } from "../store/store.ts";
import type { Cases } from "./cases.ts";
import type { Scene } from "./scene.ts";
import { task, waitUntil } from "./task-records.ts";

async function find(scene: Scene, query: Partial<RunQuery>): Promise<readonly string[]> {
  return (await scene.store.listRuns({ limit: 100, ...query })).map(({ id }) => id);
}

/** All pages of a query, one after the other. */
async function findByPages(scene: Scene, query: Partial<RunQuery>, size: number): Promise<readonly string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await find(scene, { ...query, limit: size, before: ids.at(-1) });
    ids.push(...page);
    if (page.length < size) return ids;
  }
}

export const readCases: Cases = {
  "B46 a thousand runs of one millisecond are paged through with no gap or repeat": async (scene) => {
    const ids = await scene.invokeMany(1_000);
    expect(await findByPages(scene, {}, 70)).toEqual(ids.toReversed());
  },

  "B46 so they are with filters": async (scene) => {
    const runs = Array.from({ length: 300 }, (_, index) =>
      scene.newRun({ jobId: index % 3 === 0 ? "report" : "mail", tags: index % 2 === 0 ? ["even", "x"] : ["odd"] }),
    );
    await scene.create(runs);
    const reports = runs.filter(({ jobId }) => jobId === "report");
    expect(await findByPages(scene, { jobId: "report" }, 7)).toEqual(reports.map(({ id }) => id).toReversed());
    const evenReports = reports.filter(({ tags }) => tags.includes("even"));
    expect(await findByPages(scene, { jobId: "report", tag: "even", statuses: ["QUEUED"] }, 7)).toEqual(
      evenReports.map(({ id }) => id).toReversed(),
    );
  },

  "runs are found by each of their facts": async (scene) => {
    const start = scene.now;
    const plain = await scene.invoke();
    scene.pass(10);
    const special = await scene.invoke({
      jobId: "report",
      jobVersion: "2.0.0",
      tags: ["vip", "eu"],
      isTest: true,
      accountId: "acme",
      idempotency: { key: "signup-1", digest: "d", expiresAt: scene.now + 1_000 },
    });
    const queries: readonly Partial<RunQuery>[] = [
      { jobId: "report" },
      { version: "2.0.0" },
      { tag: "vip" },
      { tag: "eu" },
      { isTest: true },
      { accountId: "acme" },
      { from: start + 10 },
      { search: "signup-1" },
      { search: special },
      { jobId: "report", tag: "eu", isTest: true },
    ];
    for (const query of queries) expect(await find(scene, query)).toEqual([special]);
    for (const query of [{ isTest: false }, { to: start + 10 }, { search: plain }])
      expect(await find(scene, query)).toEqual([plain]);
    for (const query of [
      { tag: "vi" },
      { jobId: "rep" },
      { search: "signup" },
      { accountId: "nobody" },
      { statuses: [] },
    ]) {
      expect(await find(scene, query)).toEqual([]);
    }
    expect(await find(scene, { search: special.slice(0, -1) })).toEqual([special, plain]);
  },

  "a search takes its text as it is": async (scene) => {
    await scene.invoke();
    for (const search of ["run%", "run\\", "_un", "%", "'"]) expect(await find(scene, { search })).toEqual([]);
  },

  "runs are found by status": async (scene) => {
    const done = await scene.start();
    await scene.succeed(done);
    const waiting = await scene.start();
    await scene.park(waiting, [waitUntil("w", scene.now + 1)]);
    const delayed = await scene.invoke({ startAt: scene.now + 1 });
    expect(await find(scene, { statuses: ["SUCCESS"] })).toEqual([done.run.id]);
    expect(await find(scene, { statuses: ["DELAYED", "WAITING"] })).toEqual([delayed, waiting.run.id]);
  },

  "no run has one of no statuses, whatever else is asked": async (scene) => {
    const parent = await scene.start({ accountId: "me", tags: ["t"] });
    const id = await scene.invoke({ isTest: true }, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    const parentRunId = parent.run.id;
    const queries = [{}, { search: id }, { parentRunId }, { accountId: "me" }, { tag: "t" }, { isTest: true }];
    for (const query of [...queries, { version: "1.0.0" }, { jobId: "mail" }])
      expect(await find(scene, { ...query, statuses: [] })).toEqual([]);
  },

  "runs are found by their parent": async (scene) => {
    const parent = await scene.start();
    const child = await scene.invoke({}, { claim: parent.claim, steps: [task("c", { kind: "child" })] });
    await scene.invoke();
    expect(await find(scene, { parentRunId: parent.run.id })).toEqual([child]);
  },

  "many runs are read in the order they were asked for, with nothing for those that are not there": async (scene) => {
    const [first, second] = await scene.invokeMany(2);
    const runs = await scene.store.readRuns([second ?? "", "run_none", first ?? "", second ?? ""]);
    expect(runs.map((run) => run?.id ?? null)).toEqual([second, null, first, second]);
    expect(await scene.store.readRuns([])).toEqual([]);
    expect(await scene.store.readRun("run_none")).toBeNull();
    expect(await scene.store.readTasks("run_none")).toEqual([]);
    expect(await scene.store.readTasks("run_none", ["step"])).toEqual([]);
    expect(await scene.store.readStatuses("run_none")).toEqual([]);
    expect(await scene.store.readQueueFacts("run_none")).toBeNull();
    expect(await scene.store.readAwaitedRuns("run_none")).toEqual([]);
  },

  "a list brings runs without their large texts": async (scene) => {
    await scene.invoke({ context: '{"json":1}' });
    const [run] = await scene.store.listRuns({ limit: 1 });
    for (const text of ["input", "context", "output", "error"]) expect(run).not.toHaveProperty(text);
  },

  "what was read does not change when the run goes on": async (scene) => {
    const run = await scene.start();
    await scene.record(run, { tasks: [task("a")] });
    const before = await scene.read(run.run.id);
    const [taskBefore] = await scene.store.readTasks(run.run.id);
    await scene.record(run, { tasks: [task("a", { output: "changed" })] });
    await scene.succeed(run);
    expect(before.status).toBe("EXECUTING");
    expect(run.run.status).toBe("EXECUTING");
    expect(taskBefore).toEqual(task("a"));
  },

  "a run tells how many are before it": async (scene) => {
    const ids = await scene.invokeMany(3);
    const high = await scene.invoke({ priority: 1 });
    const ahead = await Promise.all([...ids, high].map(async (id) => (await scene.store.readQueueFacts(id))?.ahead));
    expect(ahead).toEqual([1, 2, 3, 0]);
  },

  "ready runs of every priority there can be are listed": async (scene) => {
    const ids: string[] = [];
    for (const priority of [Number.MAX_SAFE_INTEGER, 0, Number.MIN_SAFE_INTEGER])
      ids.push(await scene.invoke({ priority }));
    expect(await find(scene, { statuses: ["QUEUED"] })).toEqual(ids.toReversed());
  },

  "a run in a backlog counts those before it in that backlog": async (scene) => {
    const invokeUnder = (id: string) => scene.invoke({ limit: { id, max: 1 } });
    for (const id of ["job:mail", "shared:db", "shared:db", "job:mail"]) await invokeUnder(id);
    const facts = await scene.store.readQueueFacts(await invokeUnder("job:mail"));
    expect(facts).toMatchObject({ ahead: 1, limit: { id: "job:mail", max: 1, taken: 1 } });
  },

  "the catalog tells each job's live runs": async (scene) => {
    await scene.start();
    await scene.succeed(await scene.start());
    await scene.park(await scene.start(), [waitUntil("w", scene.now + 1)]);
    await scene.invoke({ startAt: scene.now + 1 });
    await scene.invokeMany(2);
    await scene.invoke({ jobId: "unserved" });
    const facts = await scene.store.listJobFacts();
    const liveOf = (id: string) => facts.find((job) => job.id === id)?.live;
    expect(liveOf("mail")).toEqual({ DELAYED: 1, QUEUED: 2, EXECUTING: 1, WAITING: 1 });
    expect(liveOf("report")).toEqual({ DELAYED: 0, QUEUED: 0, EXECUTING: 0, WAITING: 0 });
    expect(liveOf("unserved")).toEqual({ DELAYED: 0, QUEUED: 1, EXECUTING: 0, WAITING: 0 });
  },

  "the catalog keeps every version that was served, newest last": async (scene) => {
    const start = scene.now;
    const job = { id: "mail", name: "Mail", isEnabled: true, limit: null };
    for (const [index, version] of ["1.10.0", "1.9.0", "1.10.0"].entries()) {
      scene.pass(10);
      await scene.openWorker(`deploy-${index}`, [{ ...job, version }]);
    }
    const mail = (await scene.store.listJobFacts()).find(({ id }) => id === "mail");
    expect(mail?.versions).toEqual([
      { version: "1.0.0", firstSeenAt: start },
      { version: "1.10.0", firstSeenAt: start + 10 },
      { version: "1.9.0", firstSeenAt: start + 20 },
    ]);
  },
};
