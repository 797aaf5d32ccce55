import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Store } from "./store/store.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { startTestEngine } from "./testing/test-engine.ts";

const client = new BeckonClient({ id: "tests" });
const noop = client.defineJob({
  id: "noop",
  name: "No-op",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: () => "done",
});

/** Ends executions when the test says so, counts how often a run is read, and can keep to itself what was committed. */
function createSlowStore() {
  const real = createMemoryStore();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const seen = { reads: 0, isMute: false };
  const store: Store = {
    ...real,
    subscribe: (listener) => real.subscribe((change) => void (seen.isMute || listener(change))),
    readRun: (runId) => {
      seen.reads += 1;
      return real.readRun(runId);
    },
    settleRuns: async (request) => {
      asked.resolve();
      await answer.promise;
      return real.settleRuns(request);
    },
  };
  return { store, seen, asked: asked.promise, answer: answer.resolve };
}

test("who waits for a run that this engine executes has its result once its end is on disk, and reads nothing", async () => {
  const { store, seen, asked, answer } = createSlowStore();
  await using world = await startTestEngine([noop], { store });
  const run = await noop.invoke({});
  await asked;
  const output = run.output();
  await world.clock.tick();
  expect(seen.reads).toBe(0);
  answer();
  expect(await output).toBe("done");
  expect(seen.reads).toBe(0);
});

const ENDINGS = {
  "with an output": () => ({ at: new Date(5), big: "x".repeat(5_000) }),
  "with nothing": () => undefined,
  "by an error": () => {
    throw new TypeError("no");
  },
  "by a declared error": (ctx) => {
    throw ctx.errors.DECLINED({ reason: "limit" });
  },
  "after a step": async (_ctx, io) => io.runTask("a", () => 1),
  "after a status record": async (_ctx, io) => void (await io.createStatus("s", { label: "S", state: "success" })),
  "after a message": async (_ctx, io) => io.logger.info("hello"),
} satisfies Record<string, (ctx: { errors: { DECLINED: (data: { reason: string }) => Error } }, io: IO) => unknown>;

test.for(Object.keys(ENDINGS) as (keyof typeof ENDINGS)[])(
  "the result that who waits is told is the one that is read later: %s",
  async (name) => {
    const job = client.defineJob({
      id: "ends",
      name: "Ends",
      version: "1.0.0",
      trigger: invokeTrigger({ schema: z.object({ n: z.number().default(1) }) }),
      errors: { DECLINED: z.object({ reason: z.string() }) },
      run: (_payload, io, ctx): unknown => ENDINGS[name](ctx, io),
    });
    const { store, seen, asked, answer } = createSlowStore();
    await using world = await startTestEngine([job], { store });
    const run = await job.invoke({ n: 2 }, { context: { by: "me" }, tags: ["vip"], accountId: "a" });
    await asked;
    const telling = run.result();
    answer();
    const told = await telling;
    expect(told).toMatchObject({
      status: expect.stringMatching(/SUCCESS|FAILURE/),
      completedAt: new Date(world.clock.now()),
    });
    // Of a run that recorded something the store knows more.
    expect(seen.reads).toBe(name.startsWith("after") ? 1 : 0);
    expect(told).toEqual(await job.run(run.id).result());
  },
);

test("who waits for a run that this engine executes learns of an end that nothing told of", async () => {
  const { store, seen, asked, answer } = createSlowStore();
  await using world = await startTestEngine([noop], { store });
  const run = await noop.invoke({});
  await asked;
  seen.isMute = true;
  await store.cancelRun({ runId: run.id, now: world.clock.now() });
  const result = run.result();
  await world.clock.tick();
  answer();
  expect(await result).toMatchObject({ ok: false, status: "CANCELED" });
});

test("who asks for a run as one of another job is told at once that there is none, under way or waiting", async () => {
  const { store, seen, asked, answer } = createSlowStore();
  await using world = await startTestEngine([noop], { store });
  const { id: runId } = await noop.invoke({});
  await asked;
  const request = { runId, jobId: "another", timeoutMs: Number.POSITIVE_INFINITY };
  await expect(world.engine.result(request)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(seen.reads).toBe(0);
  answer();
  expect(await noop.run(runId).output()).toBe("done");
  await expect(world.engine.result(request)).rejects.toThrow(`There is no run "${runId}" here of job "another"`);
  const later = await noop.invoke({}, { delay: 60 });
  await expect(world.engine.result({ ...request, runId: later.id })).rejects.toMatchObject({ code: "NOT_FOUND" });
});
