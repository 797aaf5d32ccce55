import { BeckonClient, invokeTrigger, type InvokeOptions } from "@beckon/core";
import { BATCH_LIMIT, connectJob, NotFoundError, OperationError } from "@beckon/core/runtime";
import { TRPCError } from "@trpc/server";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createJobRouter } from "./create-job-router.ts";
import { startTestRouter } from "./testing/test-router.ts";

const client = new BeckonClient({ id: "tests" });
const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ name: z.string(), at: z.date().optional() }) }),
  run: async ({ name, at }, _io, ctx) => ({ text: `Hello, ${name}`, at, account: ctx.account?.id }),
});
const anything = client.defineJob({
  id: "anything",
  name: "Anything",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});
const disabled = client.defineJob({
  id: "disabled",
  name: "Disabled",
  version: "1.0.0",
  enabled: false,
  trigger: invokeTrigger(),
  run: async () => undefined,
});

const exports = { client, greet, anything, disabled };

/** The error a call was refused with. */
async function refusalOf(call: Promise<unknown>): Promise<TRPCError> {
  const error: unknown = await call.then(
    () => new Error("The call was not refused."),
    (reason: unknown) => reason,
  );
  if (error instanceof TRPCError) return error;
  throw error;
}

const start = () => startTestRouter(exports);

describe("jobs.<name>", () => {
  test("invoke makes a run, and result tells its end, typed", async () => {
    await using world = await start();
    const { jobs } = world.caller;
    const { id } = await jobs.greet.invoke({ payload: { name: "Ada" } });
    const result = await jobs.greet.result({ id });
    expect(result).toMatchObject({ ok: true, output: { text: "Hello, Ada" } });
    expect(await world.engine.readRun(id)).toMatchObject({ job: { id: "greet" }, status: "SUCCESS" });
  });

  test("invokeAndWait makes a run and tells its end, typed, or after 25 s its id; its caller may leave before", async () => {
    await using world = await start();
    const { jobs } = world.caller;
    const result = await jobs.greet.invokeAndWait({ payload: { name: "Ada" } });
    expect(result).toMatchObject({ ok: true, status: "SUCCESS", output: { text: "Hello, Ada" } });
    expect(await world.engine.readRun(result.id)).toMatchObject({ job: { id: "greet" }, status: "SUCCESS" });
    const call = { payload: { name: "Ada" }, options: { delay: "7d" }, requestId: "a-request" } as const;
    const answer = jobs.greet.invokeAndWait(call);
    await world.clock.advance(25_000);
    const { id } = await jobs.greet.invoke(call);
    expect(await answer).toEqual({ id, pending: true });
    expect(await jobs.greet.invokeAndWait({ ...call, timeoutMs: 0 })).toEqual({ id, pending: true });
    const abort = new AbortController();
    const { createCaller } = createJobRouter(exports, { engine: world.engine });
    const aborted = createCaller({}, { signal: abort.signal }).jobs.greet.invokeAndWait(call);
    abort.abort();
    expect(await aborted).toEqual({ id, pending: true });
  });

  test("result answers within 25 s that the run is pending, and ends with its caller", async () => {
    await using world = await start();
    const call = world.caller.jobs.greet;
    const { id } = await call.invoke({ payload: { name: "Ada" }, options: { delay: "7d" } });
    const answer = call.result({ id });
    await world.clock.advance(25_000);
    expect(await answer).toEqual({ pending: true });
    const abort = new AbortController();
    const { createCaller } = createJobRouter(exports, { engine: world.engine });
    const aborted = createCaller({}, { signal: abort.signal }).jobs.greet.result({ id });
    abort.abort();
    expect(await aborted).toEqual({ pending: true });
  });

  test("result of a run of another job is not found, ended or not", async () => {
    await using world = await start();
    const [id = ""] = await world.engine.invoke({
      jobId: "anything",
      items: [{ payload: 1, options: {} }],
      isBatch: false,
    });
    const later = await world.caller.jobs.anything.invoke({ payload: 1, options: { delay: "7d" } });
    for (const ofAnother of [id, later.id]) {
      const error = await refusalOf(world.caller.jobs.greet.result({ id: ofAnother }));
      expect(error).toMatchObject({ code: "NOT_FOUND" });
      expect(error.message).toContain(`There is no run "${ofAnother}" here of job "greet"`);
    }
  });

  test("B1 a job without a schema takes any payload", async () => {
    await using world = await start();
    const call = world.caller.jobs.anything;
    for (const payload of [undefined, null, 0, "", [], new Map([[1n, new Date(0)]])]) {
      const { id } = await call.invoke({ payload });
      expect(await call.result({ id })).toMatchObject({ ok: true, output: payload });
    }
  });

  test("B12 a bad payload is BAD_REQUEST with issues, and no row is written", async () => {
    await using world = await start();
    const payload = { name: 1 } as unknown as { name: string };
    const error = await refusalOf(world.caller.jobs.greet.invoke({ payload }));
    expect(error).toMatchObject({
      code: "BAD_REQUEST",
      cause: { code: "INVALID_PAYLOAD", issues: [{ path: ["name"] }] },
    });
    expect(error.message).toMatch(/payload\.name: .*expected string, received/);
    expect((await world.engine.listRuns({})).runs).toEqual([]);
  });

  test("B15 every option reaches the run", async () => {
    await using world = await start();
    const options: Required<Omit<InvokeOptions, "key" | "detached">> = {
      idempotencyKey: ["a", "b"],
      idempotencyKeyTTL: "1h",
      context: { traceId: new Map([["a", 1]]) },
      accountId: "acc_1",
      callbackUrl: "https://example.com/done",
      delay: new Date(world.clock.now() + 60_000),
      ttl: "2h",
      priority: 7,
      tags: ["a", "b"],
      concurrencyKey: "user-1",
      maxDuration: "5m",
      isTest: true,
    };
    const { id } = await world.caller.jobs.greet.invoke({ payload: { name: "Ada" }, options });
    expect(await world.engine.readRun(id)).toMatchObject({
      context: options.context,
      accountId: "acc_1",
      callbackUrl: "https://example.com/done",
      startAt: options.delay,
      status: "DELAYED",
      priority: 7,
      tags: ["a", "b"],
      concurrencyKey: "user-1",
      isTest: true,
    });
    expect(await world.store.readRun(id)).toMatchObject({ ttlMs: 7_200_000, maxDurationMs: 300_000 });
  });

  test.each([
    [
      { payload: { name: "Ada" }, options: { prority: 1 } },
      "prority",
      ": there is no such option; known are key, idempotencyKey",
    ],
    [
      { name: "Ada" },
      "input",
      ': received the unknown "name"; known are payload, options, requestId; a payload goes inside: { "payload": { … } }.',
    ],
    [
      { payload: { name: "Ada" }, more: 1 },
      "input",
      ': received the unknown "more"; known are payload, options, requestId.',
    ],
    [{ payload: { name: "Ada" }, options: { priority: "high" } }, "priority", ": expected number, received"],
    [
      { payload: { name: "Ada" }, options: { tags: "a", ttl: true }, more: 1 },
      "ttl",
      ': expected a number of seconds or a text such as "30s", received true; options.tags: expected array, received string;' +
        ' input: received the unknown "more"',
    ],
    [{ payload: { name: "Ada" }, options: { delay: "soon" } }, "delay", '"soon" is not a duration'],
    ["Ada", "input", ": expected object, received"],
  ])("a call of another shape is refused by name: %j", async (input, option, sentence) => {
    await using world = await start();
    const error = await refusalOf(world.caller.jobs.greet.invoke(input as never));
    expect(error).toMatchObject({ code: "BAD_REQUEST", cause: { code: "INVALID_OPTION", option } });
    expect(error.message).toContain(`Option "${option}"`);
    expect(error.message).toContain(sentence);
  });

  test("B16 an unknown run is NOT_FOUND and a disabled job is FORBIDDEN", async () => {
    await using world = await start();
    const { jobs, runs } = world.caller;
    expect(await refusalOf(runs.get({ id: "run_none" }))).toMatchObject({ code: "NOT_FOUND" });
    const refused = await refusalOf(jobs.disabled.invoke({ payload: 1 }));
    expect(refused).toMatchObject({ code: "FORBIDDEN", cause: { code: "JOB_DISABLED" } });
  });

  test("B16 a router over jobs that no server runs says how to connect them", async () => {
    const { jobs } = createJobRouter(exports).createCaller({});
    const error = await refusalOf(jobs.greet.invoke({ payload: { name: "Ada" } }));
    expect(error).toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    expect(error.message).toContain("createServer({ jobs })");
  });

  test("a router over jobs that run in another process says so", async () => {
    const far = { description: "the server at http://far", invoke: async () => [] };
    const disconnect = connectJob(anything, far as never);
    const error = await refusalOf(createJobRouter({ anything }).createCaller({}).jobs.anything.invoke({ payload: 1 }));
    disconnect();
    expect(error.message).toContain("the server at http://far, which is not in this process");
  });

  test("B17 a call sent again with its request id makes no second run", async () => {
    await using world = await start();
    const call = world.caller.jobs.greet;
    const first = await call.invoke({ payload: { name: "Ada" }, requestId: "request-1" });
    expect(await call.invoke({ payload: { name: "Ada" }, requestId: "request-1" })).toEqual(first);
    expect((await world.engine.listRuns({})).runs).toHaveLength(1);
  });

  test("what fails inside keeps its message inside", async () => {
    await using world = await start();
    const broken = { ...world.engine, invoke: () => Promise.reject(new Error("secret of the disk")) };
    const error = await refusalOf(
      createJobRouter({ greet }, { engine: broken })
        .createCaller({})
        .jobs.greet.invoke({ payload: { name: "A" } }),
    );
    expect(error).toMatchObject({ code: "INTERNAL_SERVER_ERROR", cause: { message: "secret of the disk" } });
    expect(error.message).not.toContain("secret");
  });
});

function itemsUpTo(count: number): { readonly payload: { readonly name: string } }[] {
  return Array.from({ length: count }, (_, index) => ({ payload: { name: `${index}` } }));
}

describe("jobs.<name>.batchInvoke", () => {
  test("B30 makes all runs in the order of the items, up to 1,000", async () => {
    await using world = await start();
    const { ids } = await world.caller.jobs.greet.batchInvoke({ items: itemsUpTo(BATCH_LIMIT) });
    expect(new Set(ids).size).toBe(BATCH_LIMIT);
    expect(await world.engine.readRun(ids[17] ?? "")).toMatchObject({ payload: { name: "17" } });
    expect(await world.caller.jobs.greet.batchInvoke({ items: [] })).toEqual({ ids: [] });
  });

  test("B30 one bad item makes no run and is named by its index", async () => {
    await using world = await start();
    const bad = [...itemsUpTo(2), { payload: {} as { name: string } }];
    const error = await refusalOf(world.caller.jobs.greet.batchInvoke({ items: bad }));
    expect(error).toMatchObject({ code: "BAD_REQUEST", cause: { index: 2, issues: [{ path: ["name"] }] } });
    expect((await world.engine.listRuns({})).runs).toEqual([]);
  });

  test("B30 an option of the wrong kind, and one that there is not, are named with the index of their item", async () => {
    await using world = await start();
    const refused = {
      priority: { options: { priority: "high" } },
      prority: { options: { prority: 1 } },
      input: { more: 1 },
    };
    for (const [option, more] of Object.entries(refused)) {
      const items = [...itemsUpTo(2), { payload: { name: "Ada" }, ...more }];
      const error = await refusalOf(world.caller.jobs.greet.batchInvoke({ items }));
      expect(error).toMatchObject({ code: "BAD_REQUEST", cause: { code: "INVALID_OPTION", option, index: 2 } });
      expect(error.message).toContain(`Batch item 2: Option "${option}": `);
    }
    expect((await world.engine.listRuns({})).runs).toEqual([]);
  });

  test("B30 1,001 items are refused", async () => {
    await using world = await start();
    expect(await refusalOf(world.caller.jobs.greet.batchInvoke({ items: itemsUpTo(BATCH_LIMIT + 1) }))).toMatchObject({
      code: "BAD_REQUEST",
    });
    expect((await world.engine.listRuns({})).runs).toEqual([]);
  });
});

test("the refusals of the engine keep their classes as the cause", async () => {
  await using world = await start();
  const { cause } = await refusalOf(world.caller.runs.cancel({ id: "run_none" }));
  expect(cause).toBeInstanceOf(NotFoundError);
  expect(cause).toBeInstanceOf(OperationError);
});
