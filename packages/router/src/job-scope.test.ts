import { BeckonClient, invokeTrigger } from "@beckon/core";
import { startTestEngine } from "@beckon/engine/testing";
import { describe, expect, test } from "vitest";
import { createJobRouter } from "./create-job-router.ts";

const client = new BeckonClient({ id: "tests" });
const contact = client.defineJob({
  id: "contact",
  name: "Contact",
  version: "1.0.0",
  trigger: invokeTrigger(),
  concurrencyLimit: 2,
  run: async (name: string) => {
    if (name === "") throw new Error("A contact has a name.");
    return name;
  },
});
const payroll = client.defineJob({
  id: "payroll",
  name: "Payroll",
  version: "1.0.0",
  trigger: invokeTrigger(),
  concurrencyLimit: 5,
  run: async (salary: number) => {
    if (salary < 0) throw new Error("Nobody pays to work.");
    return salary;
  },
});

/** An engine of two jobs, its router of both, and one of the first job alone. */
async function start() {
  const world = await startTestEngine([contact, payroll]);
  const whole = createJobRouter({ contact, payroll }, { engine: world.engine }).createCaller({});
  const part = createJobRouter({ contact }, { engine: world.engine }).createCaller({});
  return { ...world, whole, part };
}

async function first<Value>(values: AsyncIterable<Value>): Promise<Value | undefined> {
  for await (const value of values) return value;
  return undefined;
}

describe("a router of some of an engine's jobs", () => {
  test("knows no run of another job, as if it were not there, and does nothing to it", async () => {
    await using world = await start();
    const { whole, part } = world;
    const { id } = await whole.jobs.payroll.invoke({ payload: 9_000, options: { delay: "1h" } });
    const { runs } = part;
    const unknown = `There is no run "${id}" here: check the id; finished runs are deleted when their retention is over.`;
    for (const call of [
      runs.get({ id }),
      runs.result({ id }),
      runs.explain({ id }),
      runs.outline({ id }),
      runs.tasks({ id }),
      runs.logs({ id }),
      runs.cancel({ id }),
      runs.retry({ id }),
      runs.replay({ id, payload: 1_000_000 }),
      runs.events({ id }).then(first),
    ]) {
      await expect(call).rejects.toMatchObject({ code: "NOT_FOUND", message: unknown });
    }
    expect(await first(await runs.follow({ runs: [{ id, after: 0 }] }))).toEqual({ index: 0, event: null });
    expect((await whole.runs.list()).runs).toMatchObject([{ id, status: "DELAYED" }]);
    expect(await whole.runs.get({ id })).toMatchObject({ id });
  });

  test("goes on with the runs of its own", async () => {
    await using world = await start();
    const { id } = await world.part.jobs.contact.invoke({ payload: "Ada" });
    expect(await world.part.runs.result({ id })).toMatchObject({ output: "Ada" });
    const again = await world.part.runs.replay({ id });
    expect(await world.part.runs.result(again)).toMatchObject({ output: "Ada" });
  });

  test("neither pauses nor resumes another job", async () => {
    await using world = await start();
    const { whole, part } = world;
    const unknown = { code: "NOT_FOUND", message: expect.stringContaining('There is no job "payroll" here') };
    await expect(part.catalog.pause({ id: "payroll" })).rejects.toMatchObject(unknown);
    await whole.catalog.pause({ id: "payroll" });
    await expect(part.catalog.resume({ id: "payroll" })).rejects.toMatchObject(unknown);
    expect(await whole.catalog.get({ id: "payroll" })).toMatchObject({ isPaused: true });
    expect(await part.catalog.pause({ id: "contact" })).toEqual({ id: "contact" });
  });

  test("lists the runs of its jobs alone, page by page, whatever is asked for", async () => {
    await using world = await start();
    const { whole, part } = world;
    const own: string[] = [];
    for (const name of ["Ada", "Grace", "Edsger"]) {
      own.unshift((await whole.jobs.contact.invoke({ payload: name, options: { tags: ["t"] } })).id);
      await whole.jobs.payroll.invoke({ payload: 1, options: { tags: ["t"] } });
    }
    const page = await part.runs.list({ limit: 2 });
    expect(page.runs.map(({ id }) => id)).toEqual(own.slice(0, 2));
    const rest = await part.runs.list({ limit: 2, cursor: page.nextCursor ?? "" });
    expect(rest).toMatchObject({ runs: [{ id: own[2] }], nextCursor: null });
    expect((await part.runs.list({ tag: "t" })).runs.map(({ id }) => id)).toEqual(own);
    expect((await part.runs.list({ search: "run_" })).runs.map(({ id }) => id)).toEqual(own);
    expect((await part.runs.list({ job: "contact" })).runs).toHaveLength(3);
    expect(await part.runs.list({ job: "payroll" })).toEqual({ runs: [], nextCursor: null });
    expect((await whole.runs.list()).runs).toHaveLength(6);
  });

  test("of several jobs lists theirs together, newest first", async () => {
    await using world = await startTestEngine([contact, payroll, ...OTHERS]);
    const { createCaller } = createJobRouter({ contact, payroll }, { engine: world.engine });
    const { jobs, runs } = createCaller({});
    const ids = [
      await jobs.contact.invoke({ payload: "Ada" }),
      await jobs.payroll.invoke({ payload: 1 }),
      await jobs.contact.invoke({ payload: "Grace" }),
    ].map(({ id }) => id);
    const page = await runs.list({ limit: 2 });
    const rest = await runs.list({ limit: 2, cursor: page.nextCursor ?? "" });
    expect([...page.runs, ...rest.runs].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(rest.nextCursor).toBeNull();
  });

  test("tells of its jobs alone how they fare", async () => {
    await using world = await start();
    const { whole, part } = world;
    for (const run of [
      await whole.jobs.contact.invoke({ payload: "" }),
      await whole.jobs.contact.invoke({ payload: "Ada" }),
      await whole.jobs.payroll.invoke({ payload: -1 }),
    ]) {
      await whole.runs.result(run);
    }
    await whole.jobs.payroll.invoke({ payload: 1, options: { delay: "1h" } });
    const activity = await part.catalog.activity({ span: "hour" });
    expect(activity).toMatchObject({ total: { succeeded: 1, failed: 1 }, jobs: [{ jobId: "contact", failed: 1 }] });
    expect(activity.stretches.at(-1)).toMatchObject({ succeeded: 1, failed: 1 });
    expect(activity.jobs).toHaveLength(1);
    expect(await part.catalog.failures({ span: "hour" })).toMatchObject({ groups: [{ jobId: "contact" }], looked: 1 });
    // Asked for by the other before: what that has seen is not told.
    expect((await whole.catalog.queues()).jobs).toHaveLength(2);
    const queues = await part.catalog.queues();
    expect(queues).toMatchObject({ jobs: [{ jobId: "contact" }], limits: [{ id: "job:contact", max: 2 }] });
    expect([queues.jobs.length, queues.limits.length]).toEqual([1, 1]);
    expect(queues.samples).toMatchObject([{ live: { DELAYED: 0 }, taken: { "job:contact": 0 } }]);
    expect(Object.keys(queues.samples[0]?.taken ?? {})).toEqual(["job:contact"]);
    expect((await whole.catalog.queues()).samples).toMatchObject([{ live: { DELAYED: 1 } }]);
  });
});

const OTHERS = [
  client.defineJob({ id: "hidden", name: "Hidden", version: "1.0.0", trigger: invokeTrigger(), run: async () => 1 }),
];

test("a router of all jobs of an engine asks for no run to learn whose it is", async () => {
  await using world = await startTestEngine([contact, payroll]);
  const asked: string[] = [];
  const engine: typeof world.engine = {
    ...world.engine,
    readRun: (runId) => {
      asked.push(runId);
      return world.engine.readRun(runId);
    },
  };
  const whole = createJobRouter({ contact, payroll }, { engine }).createCaller({});
  const { id } = await whole.jobs.contact.invoke({ payload: "Ada" });
  await whole.runs.result({ id });
  expect(asked).toEqual([]);
  await createJobRouter({ contact }, { engine }).createCaller({}).runs.result({ id });
  expect(asked).toEqual([id]);
});
