import { EventEmitter } from "node:events";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { NotConnectedError } from "@beckon/core/runtime";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import superjson from "superjson";
import { expect, test } from "vitest";
import { z } from "zod";
import { createCountedStore } from "./testing/counted-store.ts";
import { startTestServer } from "./testing/index.ts";
import { defineTestJobs } from "./testing/test-jobs.ts";

const jobs = defineTestJobs(z);
const { charge, greet } = jobs;

test("a job is invoked by its handle, by server.jobs and by a plain tRPC client", async () => {
  await using server = await startTestServer({ jobs });
  const output = { text: "Hello, Ada", account: null, context: null, at: new Date(0) };
  expect(await (await greet.invoke({ name: "Ada" })).output()).toEqual(output);
  expect(await (await server.jobs.greet.invoke({ name: "Ada" })).output()).toEqual(output);
  const trpc = createTRPCClient<typeof server.router>({
    links: [httpBatchStreamLink({ url: `${server.url}/trpc`, transformer: superjson })],
  });
  const { id } = await trpc.jobs.greet.invoke.mutate({ payload: { name: "Ada" } });
  expect(await trpc.jobs.greet.result.query({ id })).toMatchObject({ ok: true, output });
});

test("a job that a job invokes goes through the router, and is its child", async () => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.welcome.invoke({ name: "Ada" }, { accountId: "acc_1", context: { from: "test" } });
  expect(await run.output()).toMatchObject({ text: "Hello, Ada", account: "acc_1", context: { from: "test" } });
  const { runs } = await server.router.createCaller({}).runs.list({ parent: run.id });
  expect(runs).toMatchObject([{ job: { id: "greet" }, accountId: "acc_1" }]);
});

test("B22 a call of server.jobs inside a run of that server is a step of it", async () => {
  const later: { invoke?: () => Promise<unknown> } = {};
  const caller = new BeckonClient({ id: "tests" }).defineJob({
    id: "caller",
    name: "Caller",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => later.invoke?.(),
  });
  await using server = await startTestServer({ jobs: { ...jobs, caller } });
  later.invoke = () => server.jobs.greet.invokeAndWait({ name: "Ada" });
  const run = await server.jobs.caller.invoke({}, { isTest: true });
  expect(await run.output()).toMatchObject({ ok: true, isTest: true, output: { text: "Hello, Ada" } });
  const { runs } = await server.engine.listRuns({ parent: run.id });
  expect(runs).toMatchObject([{ job: { id: "greet" }, isTest: true }]);
});

test("a declared error narrows at the caller", async () => {
  await using server = await startTestServer({ jobs });
  const result = await server.jobs.charge.invokeAndWait({ amount: 500 });
  if (result.ok || result.error.code !== "CARD_DECLINED") throw new Error("The card was not declined.");
  expect(result.error.data.reason satisfies string).toBe("limit");
});

test("two servers run the same jobs: server.jobs is bound, an ambient call says which there are", async () => {
  await using one = await startTestServer({ jobs });
  await using other = await startTestServer({ jobs });
  expect(await (await one.jobs.charge.invoke({ amount: 1 })).output()).toEqual({ charged: 1 });
  expect((await other.engine.listRuns({})).runs).toEqual([]);
  await expect(charge.invoke({ amount: 1 })).rejects.toThrow(NotConnectedError);
});

test("after stop the jobs are not connected, the port is closed, and a second stop is the first", async () => {
  await using server = await startTestServer({ jobs });
  await server.stop();
  await server.stop();
  await expect(charge.invoke({ amount: 1 })).rejects.toThrow("is not connected");
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow("fetch failed");
});

test("a server stops as the listener of a signal, which is handed the signal's name", async () => {
  const server = await startTestServer({ jobs: { greet } });
  const signals = new EventEmitter();
  const stopped = Promise.withResolvers<void>();
  const stop = (...given: unknown[]): void => void server.stop(...(given as [])).then(stopped.resolve, stopped.reject);
  signals.once("SIGTERM", stop);
  signals.emit("SIGTERM", "SIGTERM", 15);
  await stopped.promise;
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});

test("a stop whose timeout is none, or another option, rejects, and stops nothing", async () => {
  await using server = await startTestServer({ jobs });
  await expect(server.stop("5s" as unknown as object)).rejects.toThrow(
    'Option "options": expected such as { timeout: "5s" }',
  );
  const stopped = server.stop({ timeout: "soon" as "1s" });
  await expect(stopped).rejects.toThrow('Option "timeout": "soon" is not a duration');
  const misspelled: object = { tiemout: "1s" };
  await expect(server.stop(misspelled)).rejects.toThrow(
    'Option "tiemout": there is no such option; known are timeout.',
  );
  expect(await (await charge.invoke({ amount: 1 })).output()).toEqual({ charged: 1 });
});

test("a server that has stopped leaves nothing listening at the store it was given", async () => {
  const counted = createCountedStore();
  await using server = await startTestServer({ jobs, database: counted.store });
  expect(counted.listeners()).toBeGreaterThan(0);
  await server.stop();
  expect(counted.listeners()).toBe(0);
});

test("concurrency 0 serves without executing", async () => {
  await using server = await startTestServer({ jobs, concurrency: 0 });
  const run = await server.jobs.charge.invoke({ amount: 1 });
  expect(await run.explain()).toMatchObject({ status: "QUEUED", reasons: [{ kind: "no-worker" }, { kind: "queued" }] });
});

test("B10 a run is there after a restart on the same file", async () => {
  await using first = await startTestServer({ jobs, concurrency: 0 });
  const { id } = await first.jobs.charge.invoke({ amount: 7 });
  await first.stop();
  await using second = await startTestServer({ jobs, database: first.database });
  expect(await second.jobs.charge.run(id).output()).toEqual({ charged: 7 });
});

test("runs are told the environment that the server was given", async () => {
  const where = new BeckonClient({ id: "tests" }).defineJob({
    id: "where",
    name: "Where",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, _io, ctx) => ctx.environment,
  });
  const environment = { slug: "eu-1", type: "PRODUCTION" } as const;
  await using server = await startTestServer({ jobs: { where }, environment });
  expect(await (await server.jobs.where.invoke()).output()).toEqual(environment);
});
