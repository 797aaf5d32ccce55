import { createJobsClient, httpTransport, RequestError } from "@beckon/client";
import {
  BeckonClient,
  IdempotencyConflictError,
  InvalidPayloadError,
  invokeTrigger,
  JobError,
  WaitTimeoutError,
} from "@beckon/core";
import { bindJob, NotAllowedError, NotFoundError, RunStateError } from "@beckon/core/runtime";
import { startTestServer } from "@beckon/server/testing";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const client = new BeckonClient({ id: "tests" });
const common = { name: "A job", version: "1.0.0" };
const echo = client.defineJob({ ...common, id: "echo", trigger: invokeTrigger(), run: async (payload) => payload });
const charge = client.defineJob({
  ...common,
  id: "charge-card",
  trigger: invokeTrigger({ schema: z.object({ card: z.string(), at: z.coerce.date() }) }),
  errors: { DECLINED: z.object({ reason: z.string() }) },
  run: async ({ card, at }, io, ctx) => {
    if (card === "lost") throw ctx.errors.DECLINED({ reason: "lost" });
    io.logger.info("charging", { card });
    return { card, at };
  },
});
const sleep = client.defineJob({
  ...common,
  id: "sleep",
  trigger: invokeTrigger(),
  run: async (_payload, io) => io.waitForSignal("wake", "wake-up"),
});
const jobs = { echo, charge, sleep };

/** As deep as a value may be. */
const deep = Array.from({ length: 500 }).reduce((inner: unknown) => [inner], 1);

const values: readonly (readonly [string, unknown])[] = [
  ["undefined", undefined],
  ["null", null],
  ["0", 0],
  ["-0", -0],
  ["false", false],
  ["the empty string", ""],
  ["the empty array", []],
  ["NaN", Number.NaN],
  ["a Date", new Date(5)],
  ["a Map", new Map([[{ a: 1n }, new Set([undefined, Number.NaN])]])],
  ["a BigInt", 10n ** 30n],
  ["bytes", new Uint8Array([0, 255])],
  ["what superjson restores wrongly", { list: [Number.NaN, 5n], set: new Set([Number.NaN, 5n]) }],
  ["500 levels", deep],
  ["500 levels of what JSON cannot say", Array.from({ length: 499 }).reduce((inner: unknown) => [inner], [1n])],
  ["odd keys", { "": 1n, "a.b": { c: new Date(1) } }],
];

describe("B11 payloads and outputs come back as themselves through both clients", () => {
  test.each(values)("%s", async (_name, value) => {
    await using server = await startTestServer({ jobs });
    const typed = createJobsClient<typeof jobs>({ url: server.url });
    const remote = bindJob(echo, httpTransport({ url: server.url }));
    const results = await Promise.all([typed.echo.invokeAndWait(value), remote.invokeAndWait(value)]);
    for (const result of results) {
      expect(result).toMatchObject({ ok: true, status: "SUCCESS" });
      expect(result.ok && result.output).toStrictEqual(value);
      expect(result.invocation.payload).toStrictEqual(value);
      expect(result.createdAt).toBeInstanceOf(Date);
    }
  });
});

test("the typed client has everything that the job's own handle has", async () => {
  await using server = await startTestServer({ jobs });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  const run = await beckon.charge.invoke({ card: "tok", at: "2026-01-01" }, { tags: ["a"] });
  expect(await run.output()).toEqual({ card: "tok", at: new Date("2026-01-01") });
  const types: string[] = [];
  for await (const event of run.events()) types.push(event.type);
  expect(types).toContain("log");
  expect(await run.explain()).toMatchObject({ runId: run.id, status: "SUCCESS" });

  const { runs } = await beckon.runs.list({ tag: "a" });
  expect(runs).toMatchObject([{ id: run.id, job: { id: "charge-card" } }]);
  expect(await beckon.runs.get({ id: run.id })).toMatchObject({ output: { at: new Date("2026-01-01") } });
  expect(await beckon.runs.logs({ id: run.id })).toMatchObject([{ message: "charging", data: { card: "tok" } }]);
  const again = await beckon.runs.replay({ id: run.id });
  expect(await beckon.charge.run(again.id).output()).toEqual(await run.output());
  const emptied = await beckon.runs.replay({ id: (await beckon.echo.invoke(1)).id, payload: undefined });
  expect(await beckon.echo.run(emptied.id).output()).toBeUndefined();
  expect((await beckon.catalog.list()).map(({ id }) => id)).toEqual(["echo", "charge-card", "sleep"]);
  expect(await beckon.catalog.get({ id: "charge-card" })).toMatchObject({ inputSchema: { type: "object" } });
});

test("B4 a declared failure is a value of result with its data, and a JobError of output", async () => {
  await using server = await startTestServer({ jobs });
  const run = await createJobsClient<typeof jobs>({ url: server.url }).charge.invoke({ card: "lost", at: 0 });
  const result = await run.result();
  expect(!result.ok && result.error.code === "DECLINED" && result.error.data.reason).toBe("lost");
  await expect(run.output()).rejects.toThrow(JobError);
});

test("errors are those of the engine, of the same classes and with the same fields", async () => {
  await using server = await startTestServer({ jobs });
  const { echo: typed, charge: typedCharge, sleep: typedSleep } = createJobsClient<typeof jobs>({ url: server.url });
  const bad = await typedCharge.invoke({ card: 5 } as never).catch((error: unknown) => error);
  expect(bad).toBeInstanceOf(InvalidPayloadError);
  expect(bad).toMatchObject({ jobId: "charge-card", issues: [{ path: ["card"] }, { path: ["at"] }] });

  const first = await typed.invoke(1, { idempotencyKey: "k" });
  const conflict = await typed
    .batchInvoke([{ payload: 2 }, { payload: 3, options: { idempotencyKey: "k" } }])
    .catch((error: unknown) => error);
  expect(conflict).toBeInstanceOf(IdempotencyConflictError);
  expect(conflict).toMatchObject({ runId: first.id, index: 1 });

  await first.result();
  await expect(first.cancel()).rejects.toThrow(RunStateError);
  await expect(typed.run("run_none").result()).rejects.toThrow(NotFoundError);
  await expect(typed.run("run_none").cancel()).rejects.toThrow(NotFoundError);
  await expect(typed.run("run_none").explain()).rejects.toThrow(NotFoundError);
  await expect(typed.run("run_none").events()[Symbol.asyncIterator]().next()).rejects.toThrow(NotFoundError);

  const sleeping = await typedSleep.invoke(null);
  await expect(sleeping.result({ timeout: "20ms" })).rejects.toThrow(WaitTimeoutError);
  await sleeping.cancel();
  expect(await sleeping.result()).toMatchObject({ ok: false, status: "CANCELED" });
});

test("a refusal says which line of the caller's made the call, and nothing of a batch where there is none", async () => {
  await using server = await startTestServer({ jobs, concurrency: 0 });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  const remote = bindJob(echo, httpTransport({ url: server.url }));
  const options = { idempotencyKey: "stack" };
  await remote.invoke(1, options);
  const inOrder = {
    throughProcedures: async () => void (await beckon.echo.invoke(2, options)),
    throughRest: async () => void (await remote.invoke(2, options)),
  };
  for (const [name, call] of Object.entries(inOrder)) {
    const refusal = await call().catch((error: unknown) => error as IdempotencyConflictError);
    expect(refusal?.stack).toMatch(
      new RegExp(`^IdempotencyConflictError: The idempotency key .*\n[^]* at .*${name} \\(`),
    );
    expect(Object.keys(refusal ?? {})).not.toContain("index");
  }
  const together = await Promise.allSettled([beckon.runs.get({ id: "run_a" }), beckon.runs.get({ id: "run_b" })]);
  const stacks = together.map((one) => (one.status === "rejected" ? (one.reason as Error).stack : ""));
  expect(stacks).toEqual([expect.stringContaining("real-server.test"), expect.stringContaining("real-server.test")]);
});

test("a run of another job is not found, through both clients", async () => {
  await using server = await startTestServer({ jobs });
  const { id } = await server.jobs.echo.invoke(1);
  const typed = createJobsClient<typeof jobs>({ url: server.url });
  const remote = bindJob(charge, httpTransport({ url: server.url }));
  await expect(typed.charge.run(id).result()).rejects.toThrow(NotFoundError);
  await expect(remote.run(id).result()).rejects.toThrow(NotFoundError);
  await expect(remote.run(id).output()).rejects.toThrow(`There is no run "${id}" here of job "charge-card"`);
});

test("B16 a job that the server does not have is not found, by its name and by its id", async () => {
  await using server = await startTestServer({ jobs: { echo } });
  const { charge: missing } = createJobsClient<typeof jobs>({ url: server.url });
  const payload = { card: "a", at: 0 };
  for (const call of [
    () => missing.invoke(payload),
    () => missing.invokeAndWait(payload),
    () => missing.batchInvoke([{ payload }]),
    () => missing.run("run_1").result(),
  ]) {
    await expect(call).rejects.toThrow(NotFoundError);
    await expect(call).rejects.toThrow('This server exports no job "charge": it may run another version');
  }
  await expect(bindJob(charge, httpTransport({ url: server.url })).invoke({ card: "a", at: 0 })).rejects.toThrow(
    '"charge-card"',
  );
});

test("a key is asked for and taken from the options, for calls and for streams", async () => {
  await using server = await startTestServer({ jobs, apiKey: "a-long-secret-key" });
  const { url } = server;
  const anonymous = createJobsClient<typeof jobs>({ url });
  await expect(anonymous.echo.invoke(1)).rejects.toThrow(NotAllowedError);
  await expect(anonymous.echo.run("run_1").events()[Symbol.asyncIterator]().next()).rejects.toThrow(NotAllowedError);
  await expect(bindJob(echo, httpTransport({ url, apiKey: "wrong" })).invoke(1)).rejects.toThrow(NotAllowedError);

  const run = await createJobsClient<typeof jobs>({ url, token: "a-long-secret-key" }).echo.invoke(1);
  const remote = bindJob(echo, httpTransport({ url, apiKey: "a-long-secret-key" })).run(run.id);
  expect(await remote.output()).toBe(1);
  const seqs: number[] = [];
  for await (const { seq } of remote.events()) seqs.push(seq);
  expect(seqs.length).toBeGreaterThan(2);
});

test("client.connect makes the jobs' own handles of another process go to the server", async () => {
  const elsewhere = new BeckonClient({ id: "elsewhere" });
  const same = elsewhere.defineJob({
    ...common,
    id: "echo",
    trigger: invokeTrigger(),
    run: async () => "never runs here",
  });
  await using server = await startTestServer({ jobs });
  const disconnect = elsewhere.connect(httpTransport({ url: server.url }));
  expect(await (await same.invoke(new Map([["a", 1n]]))).output()).toEqual(new Map([["a", 1n]]));
  const results = await same.batchInvokeAndWait([{ payload: 1 }, { payload: 2 }]);
  expect(results.map((result) => result.ok && result.output)).toEqual([1, 2]);
  disconnect();
  await expect(same.invoke(1)).rejects.toThrow("not connected");
});

test("B30 1,000 items go in one call and all their results come back; 1,001 are refused", async () => {
  await using server = await startTestServer({ jobs });
  const { echo: typed } = createJobsClient<typeof jobs>({ url: server.url });
  const items = Array.from({ length: 1_000 }, (_, index) => ({ payload: index }));
  const results = await typed.batchInvokeAndWait(items);
  expect(results.map((result) => result.ok && result.output)).toEqual(items.map(({ payload }) => payload));
  await expect(typed.batchInvoke([...items, { payload: 0 }])).rejects.toThrow("at most 1000 items");
  expect(await typed.batchInvoke([])).toEqual([]);
});

test("many calls of one tick arrive in few requests", async () => {
  await using server = await startTestServer({ jobs });
  let requests = 0;
  const counting: typeof fetch = (input, init) => {
    requests += 1;
    return fetch(input, init);
  };
  const { echo: typed } = createJobsClient<typeof jobs>({ url: server.url, fetch: counting });
  const runs = await Promise.all(Array.from({ length: 200 }, (_, index) => typed.invoke(index)));
  expect(new Set(runs.map(({ id }) => id)).size).toBe(200);
  expect(requests).toBe(4);
});

test("calls of one tick whose payloads are too large together are all taken", async () => {
  await using server = await startTestServer({ jobs });
  const { echo: typed } = createJobsClient<typeof jobs>({ url: server.url });
  // Three bytes each: what counts in a body is its bytes.
  const payload = "€".repeat(100_000);
  const runs = await Promise.all(Array.from({ length: 50 }, () => typed.invoke(payload)));
  expect(new Set(runs.map(({ id }) => id)).size).toBe(50);
});

test("queries of one tick that are too long for one address are all answered", async () => {
  await using server = await startTestServer({ jobs });
  const { runs } = createJobsClient<typeof jobs>({ url: server.url });
  const search = "€".repeat(200);
  const answers = await Promise.all(Array.from({ length: 50 }, () => runs.list({ search })));
  expect(answers.flatMap((answer) => answer.runs)).toEqual([]);
});

test("a body that is too large is refused as such", async () => {
  await using server = await startTestServer({ jobs });
  const error = await createJobsClient<typeof jobs>({ url: server.url })
    .echo.invoke("x".repeat(20 * 1024 * 1024))
    .catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject({ status: 413 });
});

test("inside a run a client's call goes over the wire, and is no step", async () => {
  await using other = await startTestServer({ jobs: { echo } });
  const outer = client.defineJob({
    ...common,
    id: "outer",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (url) => (await createJobsClient<{ echo: typeof echo }>({ url }).echo.invoke("hello")).output(),
  });
  await using server = await startTestServer({ jobs: { outer } });
  expect(await (await server.jobs.outer.invoke(other.url)).output()).toBe("hello");
  expect((await other.engine.listRuns({})).runs).toHaveLength(1);
  expect((await server.engine.listRuns({})).runs).toHaveLength(1);
});
