import { expect, test } from "vitest";
import { z } from "zod";
import { BeckonClient } from "./client.ts";
import { JobError } from "./errors.ts";
import { bindJob, connectJob } from "./job.ts";
import { installRunScope, type RunScope } from "./run-scope.ts";
import {
  collect,
  createRecordingTransport,
  failureOf,
  type RecordingTransport,
  successOf,
} from "./testing/recording-transport.ts";
import { invokeTrigger } from "./trigger.ts";

function defineGreet(client = new BeckonClient({ id: "acme" })) {
  return client.defineJob({
    id: "greet",
    name: "Greet",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
    errors: { SHY: z.object({ of: z.string() }) },
    run: async ({ name }) => `Hello, ${name}`,
  });
}

function connectedGreet(...results: Parameters<typeof createRecordingTransport>) {
  const job = defineGreet();
  const transport = createRecordingTransport(...results);
  connectJob(job, transport);
  return { job, transport };
}

/** Makes the calls inside steps of a run. */
async function insideRun(scope: RunScope, calls: () => Promise<void>): Promise<void> {
  installRunScope(() => scope);
  await calls().finally(() => installRunScope(() => undefined));
}

function scopeOf(transport: RecordingTransport): RunScope & { readonly steps: unknown[] } {
  const steps: unknown[] = [];
  return {
    steps,
    transport,
    invoke: async (request) => {
      steps.push(request);
      return request.items.map((_item, index) => `child-${index + 1}`);
    },
    results: async (request) => {
      steps.push(request);
      return request.runIds.map((runId) => successOf(runId, "from the scope"));
    },
    cancel: async (request) => void steps.push(request),
  };
}

test("invoke sends the payload and every option, and gives the handle of the run", async () => {
  const { job, transport } = connectedGreet("a");
  const run = await job.invoke({ name: "Ada" }, { tags: ["x"], priority: 2, context: { from: "test" } });
  expect(run.id).toBe("a-1");
  expect(transport.invocations).toEqual([
    {
      jobId: "greet",
      isBatch: false,
      items: [{ payload: { name: "Ada" }, options: { tags: ["x"], priority: 2, context: { from: "test" } } }],
    },
  ]);
});

test("result waits for the end, output unwraps it", async () => {
  const { job, transport } = connectedGreet("a", { "a-1": successOf("a-1", "Hello, Ada") });
  const run = await job.invoke({ name: "Ada" });
  expect(await run.result({ timeout: "5s" })).toMatchObject({ ok: true, output: "Hello, Ada" });
  expect(await run.output()).toBe("Hello, Ada");
  expect(transport.waits).toEqual([
    { jobId: "greet", runId: "a-1", timeoutMs: 5_000 },
    { jobId: "greet", runId: "a-1", timeoutMs: undefined },
  ]);
});

test("a failed run is a value of result, and a JobError of output", async () => {
  const error = { code: "SHY", message: "no", data: { of: "Bob" } };
  const { job } = connectedGreet("a", { "a-1": failureOf("a-1", error) });
  const run = await job.invoke({ name: "Ada" });
  const result = await run.result();
  expect(result.ok ? null : result.error).toEqual(error);
  const thrown = await run.output().catch((caught: unknown) => caught);
  expect(thrown).toBeInstanceOf(JobError);
  expect(thrown).toMatchObject({ name: "JobError", message: "no", code: "SHY", runId: "a-1", error });
});

test("invokeAndWait keeps the timeout for the wait and sends the other options", async () => {
  const { job, transport } = connectedGreet("a");
  const result = await job.invokeAndWait({ name: "Ada" }, { timeout: 2, priority: 1 });
  expect(result.id).toBe("a-1");
  expect(transport.invocations[0]?.items[0]?.options).toEqual({ priority: 1 });
  expect(transport.waits[0]?.timeoutMs).toBe(2_000);
});

test("a timeout that is none makes no run", async () => {
  const { job, transport } = connectedGreet("a");
  const timeout = "soon" as unknown as number;
  await expect(job.invokeAndWait({ name: "Ada" }, { timeout })).rejects.toThrow(
    'Option "timeout": "soon" is not a duration',
  );
  await expect(job.batchInvokeAndWait([{ payload: { name: "Ada" } }], { timeout })).rejects.toThrow("timeout");
  expect(transport.invocations).toEqual([]);
});

test("options of the items that are given to the whole batch are refused, and make no run", async () => {
  const { job, transport } = connectedGreet("a");
  const options: object = { timeout: 1, tags: ["a"] };
  const waited = job.batchInvokeAndWait([{ payload: { name: "Ada" } }], options);
  await expect(waited).rejects.toThrow('Option "tags": a batch is a list of { payload, options }');
  expect(transport.invocations).toEqual([]);
});

test("B30 a batch is one request, and its runs and results keep the order of its items", async () => {
  const { job, transport } = connectedGreet("a", { "a-1": failureOf("a-1", { code: "UNCAUGHT", message: "x" }) });
  const items = [{ payload: { name: "Ada" } }, { payload: { name: "Bob" }, options: { priority: 1 } }];
  const results = await job.batchInvokeAndWait(items);
  expect(results.map(({ id, ok }) => [id, ok])).toEqual([
    ["a-1", false],
    ["a-2", true],
  ]);
  const runs = await job.batchInvoke(items);
  expect(runs.map(({ id }) => id)).toEqual(["a-3", "a-4"]);
  expect(transport.invocations).toHaveLength(2);
  expect(transport.invocations[0]).toEqual({
    jobId: "greet",
    isBatch: true,
    items: [
      { payload: { name: "Ada" }, options: {} },
      { payload: { name: "Bob" }, options: { priority: 1 } },
    ],
  });
  expect(await job.batchInvokeAndWait([])).toEqual([]);
});

test("the handle of an existing run reads, watches and cancels it", async () => {
  const { job, transport } = connectedGreet("a");
  const run = job.run("run_5");
  const { signal } = new AbortController();
  expect(await collect(run.events({ after: 3, signal }))).toMatchObject([{ seq: 4 }]);
  await run.cancel();
  expect(await run.explain()).toMatchObject({ runId: "run_5", summary: "It is next in line." });
  expect(transport.others).toEqual([
    ["events", "run_5", { after: 3, signal }],
    ["cancel", "run_5"],
    ["explain", "run_5"],
  ]);
});

test("inside a run, invoking, waiting and canceling are steps of it", async () => {
  const { job, transport } = connectedGreet("a");
  const scope = scopeOf(transport);
  await insideRun(scope, async () => {
    const run = await job.invoke({ name: "Ada" }, { key: "k" });
    expect(await run.output({ timeout: 1 })).toBe("from the scope");
    await job.batchInvokeAndWait([{ payload: { name: "Ada" } }, { payload: { name: "Bob" } }]);
    await run.cancel();
  });
  expect([...transport.invocations, ...transport.others]).toEqual([]);
  expect(scope.steps).toMatchObject([
    { jobId: "greet", isBatch: false, items: [{ options: { key: "k" } }] },
    { jobId: "greet", runIds: ["child-1"], timeoutMs: 1_000 },
    { jobId: "greet", isBatch: true },
    { jobId: "greet", runIds: ["child-1", "child-2"], timeoutMs: undefined },
    { jobId: "greet", runId: "child-1" },
  ]);
});

test("inside a run, what is no step takes the way to the engine of that run", async () => {
  const job = defineGreet();
  const transport = createRecordingTransport("own");
  await insideRun(scopeOf(transport), async () => void (await job.run("run_5").explain()));
  expect(transport.others).toEqual([["explain", "run_5"]]);
});

test("a bound job goes to its server, as a step only inside a run of that server", async () => {
  const { job, transport } = connectedGreet("a");
  const other = createRecordingTransport("b");
  const bound = bindJob(job, other);
  expect((await bound.invoke({ name: "Ada" })).id).toBe("b-1");

  const scopeOfA = scopeOf(transport);
  await insideRun(scopeOfA, async () => {
    expect((await bound.invoke({ name: "Ada" })).id).toBe("b-2");
    expect(await (await bound.invoke({ name: "Ada" })).output()).toBe("greet");
  });
  expect(scopeOfA.steps).toEqual([]);

  await insideRun(scopeOf(other), async () => {
    expect((await bound.invoke({ name: "Ada" })).id).toBe("child-1");
  });
});

test("a job that is bound to a door of a server is a step inside a run of that server", async () => {
  const { job, transport } = connectedGreet("a");
  const bound = bindJob(job, { ...createRecordingTransport("door"), doorTo: transport });
  expect((await bound.invoke({ name: "Ada" })).id).toBe("door-1");
  await insideRun(scopeOf(transport), async () => {
    expect((await bound.invoke({ name: "Ada" })).id).toBe("child-1");
  });
});

test("a job is frozen, and so is its definition", () => {
  const job = defineGreet();
  expect(Object.isFrozen(job)).toBe(true);
  expect(Object.isFrozen(job.definition)).toBe(true);
});
