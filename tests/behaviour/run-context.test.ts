import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { RunContext } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** What a run sees of itself, as plain data. */
function describe({ job, run, event, parent, account, environment, signal }: RunContext) {
  return { job, run, event, parent, account, environment, isAborted: signal.aborted };
}

const seeing = client.defineJob({
  id: "seeing",
  name: "Seeing",
  version: "1.2.3",
  trigger: invokeTrigger(),
  run: async (_payload, io, ctx) => {
    const before = describe(ctx);
    await io.wait("pause", "1m");
    return [before, describe(ctx)];
  },
});

test("ctx says which job, run, event, account and environment it is, the same on every replay", async () => {
  await using world = await createWorld([seeing]);
  const server = await world.start({ environment: { slug: "prod", type: "PRODUCTION" } });
  const startedAt = new Date(server.clock.now());
  const run = await server
    .use(seeing)
    .invoke({}, { context: { from: new Map([["a", 1]]) }, accountId: "acme", tags: ["a", "b"], isTest: true });
  const output = run.output();
  await server.clock.advance(60_000);
  const seen = {
    job: { id: "seeing", version: "1.2.3" },
    run: { id: run.id, isTest: true, isReplay: false, attempt: 1, startedAt, tags: ["a", "b"] },
    event: { id: expect.any(String), name: "invoke", context: { from: new Map([["a", 1]]) }, timestamp: startedAt },
    parent: undefined,
    account: { id: "acme" },
    environment: { slug: "prod", type: "PRODUCTION" },
    isAborted: false,
  };
  expect(await output).toEqual([seen, seen]);
});

test("without context, account and tags there is none; a child knows its parent and inherits isTest", async () => {
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, _io, ctx) => describe(ctx),
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => {
      const result = await child.invokeAndWait({});
      return result.ok ? result.output : undefined;
    },
  });
  await using world = await createWorld([parent, child]);
  const server = await world.start();
  const run = await server.use(parent).invoke({}, { isTest: true });
  expect(await run.output()).toMatchObject({
    run: { isTest: true, tags: [] },
    event: { context: undefined },
    parent: { runId: run.id, jobId: "parent" },
    account: undefined,
  });
  const alone = await server.use(child).invoke({});
  expect(await alone.output()).toMatchObject({ run: { isTest: false }, parent: undefined });
});

test("a replayed run says so and counts its attempts anew; a retried one is the next attempt", async () => {
  let isFailing = true;
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, _io, { run }) => {
      if (isFailing) throw new Error("not yet");
      return [run.isReplay, run.attempt];
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  isFailing = false;
  const replayId = await server.engine.replay({ runId: run.id });
  expect(await server.use(job).run(replayId).output()).toEqual([true, 1]);
  await server.engine.retry(run.id);
  expect(await run.output()).toEqual([false, 2]);
});

test("a declared error arrives with its code, message and data as its schema makes it, also through a task", async () => {
  const job = client.defineJob({
    id: "charging",
    name: "Charging",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.enum(["plain", "message", "task", "bad data", "undeclared"]) }),
    errors: {
      CARD_DECLINED: z.object({ reason: z.string(), at: z.coerce.date().default(() => new Date(0)) }),
      SOLD_OUT: z.object({ left: z.number() }),
    },
    run: async (kind, io, ctx) => {
      if (kind === "plain") throw ctx.errors.CARD_DECLINED({ reason: "funds", at: "2026-01-01" });
      if (kind === "message") throw ctx.errors.SOLD_OUT({ left: 0 }, "No cake is left");
      if (kind === "bad data") throw ctx.errors.SOLD_OUT({ left: "none" } as unknown as { left: number });
      if (kind === "undeclared") throw Object.assign(new Error("same code"), { code: "CARD_DECLINED" });
      await io.runTask("charge", () => {
        throw ctx.errors.CARD_DECLINED({ reason: "in a task" });
      });
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const errorOf = async (kind: Parameters<typeof job.invoke>[0]) => {
    const result = await (await server.use(job).invoke(kind)).result();
    return result.ok ? undefined : result.error;
  };
  expect(await errorOf("plain")).toEqual({
    code: "CARD_DECLINED",
    message: "CARD_DECLINED",
    data: { reason: "funds", at: new Date("2026-01-01") },
  });
  expect(await errorOf("message")).toEqual({ code: "SOLD_OUT", message: "No cake is left", data: { left: 0 } });
  expect(await errorOf("task")).toEqual({
    code: "CARD_DECLINED",
    message: "CARD_DECLINED",
    data: { reason: "in a task", at: new Date(0) },
  });
  expect(await errorOf("bad data")).toMatchObject({
    code: "UNCAUGHT",
    message: expect.stringMatching(/SOLD_OUT with data that its schema refuses.*left/),
  });
  expect(await errorOf("undeclared")).toMatchObject({ code: "UNCAUGHT", message: "same code" });
});

test("a job's retry makes attempts as its policy says, and the last error is the run's", async () => {
  const attempts: [number, number][] = [];
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 3, minTimeoutInMs: 10_000, factor: 2, randomize: false },
    run: (_payload, _io, { run }) => {
      attempts.push([run.attempt, server.clock.now() - start]);
      throw new Error(`attempt ${run.attempt}`);
    },
  });
  await using world = await createWorld([job]);
  let server = await world.start();
  const start = server.clock.now();
  const { id } = await server.use(job).invoke({});
  await server.until(id, "DELAYED");
  expect(await server.engine.readRun(id)).toMatchObject({ attempt: 2, error: { message: "attempt 1" } });
  // The pause survives the death of the process.
  server.kill();
  server = await world.start();
  const result = server.use(job).run(id).result();
  await server.clock.advance(30_000);
  expect(await result).toMatchObject({ status: "FAILURE", error: { message: "attempt 3" }, executionCount: 3 });
  expect(attempts).toEqual([
    [1, 0],
    [2, 10_000],
    [3, 30_000],
  ]);
});
