import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createEngine } from "./create-engine.ts";
import type { CreateRunsOutcome, CreateRunsRequest } from "./store/births.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { Store } from "./store/store.ts";
import { createManualClock, createMemoryStore, startTestEngine } from "./testing/index.ts";

const client = new BeckonClient({ id: "tests" });

/** A job whose runs say when they begin, and end when they are told to; how they went. */
function createWork() {
  const seen = { executing: 0, most: 0, begun: [] as string[] };
  const ends = new Map<string, () => void>();
  const job = client.defineJob({
    id: "work",
    name: "Work",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (name) => {
      seen.begun.push(name);
      seen.executing += 1;
      seen.most = Math.max(seen.most, seen.executing);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      seen.executing -= 1;
    },
  });
  const end = (...names: readonly string[]): void => names.forEach((name) => ends.get(name)?.());
  return { job, seen, end };
}

interface WatchedStore {
  readonly store: Store;
  readonly births: CreateRunsRequest[];
  /** How many runs were claimed by a claim rather than at their birth. */
  claimedLater: number;
  /** Makes the runs and answers: by default at once. */
  bear: (create: () => Promise<CreateRunsOutcome>) => Promise<CreateRunsOutcome>;
}

function watchStore(): WatchedStore {
  const real = createMemoryStore();
  const watched: WatchedStore = { store: real, births: [], claimedLater: 0, bear: (create) => create() };
  const store: Store = {
    ...real,
    createRuns: (request) => {
      watched.births.push(request);
      return watched.bear(() => real.createRuns(request));
    },
    claimRuns: async (request) => {
      const claimed = await real.claimRuns(request);
      watched.claimedLater += claimed.length;
      return claimed;
    },
  };
  return Object.assign(watched, { store });
}

/** An engine that has looked for runs and found none. */
async function startIdle(work: ReturnType<typeof createWork>, concurrency: number) {
  const watched = watchStore();
  const world = await startTestEngine([work.job], { concurrency, store: watched.store });
  await world.clock.tick();
  const invoke = (name: string, options?: Parameters<typeof work.job.invoke>[1]) => work.job.invoke(name, options);
  return { ...world, watched, invoke };
}

test("a run begins with its birth where a slot is free, and needs no claim", async () => {
  const work = createWork();
  await using world = await startIdle(work, 2);
  const run = await world.invoke("one");
  await world.clock.tick();
  expect([work.seen.begun, world.watched.claimedLater]).toEqual([["one"], 0]);
  expect(await world.engine.readRun(run.id)).toMatchObject({ status: "EXECUTING", executionCount: 1 });
  work.end("one");
  await run.output();
});

test("B40 runs that are made in one turn never have more slots than there are", async () => {
  const work = createWork();
  await using world = await startIdle(work, 2);
  await Promise.all(["a", "b", "c", "d"].map((name) => world.invoke(name)));
  await world.clock.tick();
  expect(work.seen.begun).toEqual(["a", "b"]);
  work.end("a");
  await world.clock.tick();
  work.end("b", "c");
  await world.clock.tick();
  work.end("d");
  await world.clock.tick();
  expect([work.seen.begun, work.seen.most, work.seen.executing]).toEqual([["a", "b", "c", "d"], 2, 0]);
});

test("a slot is kept for a birth until the store has answered", async () => {
  const work = createWork();
  await using world = await startIdle(work, 1);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  world.watched.bear = (create) => create().then((outcome) => answered.then(() => outcome));
  const first = world.invoke("first");
  await world.clock.tick();
  const second = world.invoke("second");
  await world.clock.tick();
  expect(world.watched.births.map(({ claim }) => claim?.limit)).toEqual([1, undefined]);
  expect(work.seen.begun).toEqual([]);
  answer();
  await Promise.all([first, second]);
  await world.clock.tick();
  expect(work.seen.begun).toEqual(["first"]);
  work.end("first");
  await world.clock.tick();
  expect(work.seen.begun).toEqual(["first", "second"]);
  work.end("second");
});

test("B41 a newborn run does not go before those that wait", async () => {
  const work = createWork();
  await using world = await startIdle(work, 1);
  await world.invoke("busy");
  await world.invoke("low");
  await world.invoke("high", { priority: 5 });
  work.end("busy");
  await Promise.all([world.invoke("last"), world.clock.tick()]);
  for (const name of ["high", "low", "last"]) {
    work.end(name);
    await world.clock.tick();
  }
  expect([work.seen.begun, work.seen.most]).toEqual([["busy", "high", "low", "last"], 1]);
});

test("a slot that a birth did not take is free again: the store was full, the run has to wait, or it was there", async () => {
  const work = createWork();
  await using world = await startIdle(work, 1);
  world.watched.bear = () => Promise.reject(new StoreUnavailableError("There is no space left."));
  await expect(world.invoke("refused")).rejects.toMatchObject({ code: "UNAVAILABLE" });
  world.watched.bear = (create) => create();
  await world.store.setJobPaused({ jobId: "work", isPaused: true, now: world.clock.now() });
  await world.invoke("held", { idempotencyKey: "k" });
  await world.invoke("held", { idempotencyKey: "k" });
  await world.store.setJobPaused({ jobId: "work", isPaused: false, now: world.clock.now() });
  await world.clock.tick();
  expect(work.seen.begun).toEqual(["held"]);
  work.end("held");
  await world.clock.tick();
  await world.invoke("next");
  await world.clock.tick();
  expect(work.seen.begun).toEqual(["held", "next"]);
  work.end("next");
});

test("B43 stop waits for a birth that may fill a slot, and for the run that it began", async () => {
  const work = createWork();
  await using world = await startIdle(work, 1);
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  world.watched.bear = (create) => create().then((outcome) => answered.then(() => outcome));
  const birth = world.invoke("one");
  let isStopped = false;
  const stopped = world.engine.stop().then(() => (isStopped = true));
  await world.clock.tick();
  expect(isStopped).toBe(false);
  answer();
  const run = await birth;
  await world.clock.tick();
  expect([isStopped, work.seen.begun]).toEqual([false, ["one"]]);
  work.end("one");
  await stopped;
  expect(await world.store.readRun(run.id)).toMatchObject({ status: "SUCCESS" });
});

test("an engine that has not started, has stopped or executes nothing keeps no slots", async () => {
  const work = createWork();
  const watched = watchStore();
  const make = (concurrency: number) =>
    createEngine({ store: watched.store, jobs: [work.job], concurrency, clock: createManualClock() });
  const request = { jobId: "work", items: [{ payload: "x", options: {} }], isBatch: false };
  const [waiting, idle] = [make(1), make(0)];
  await waiting.invoke(request);
  await idle.start();
  await idle.invoke(request);
  await idle.stop();
  await idle.invoke(request);
  expect(watched.births.map(({ claim }) => claim)).toEqual([null, null, null]);
});

test("a child that is born into a slot is executed as itself, not as a part of its parent", async () => {
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (name, io, ctx) => io.runTask("say", () => [name, ctx.run.id]),
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (name) => {
      const result = await child.invokeAndWait(name);
      return result.ok ? [result.id, result.output] : [];
    },
  });
  await using world = await startTestEngine([child, parent], { concurrency: 2 });
  await world.clock.tick();
  const run = await parent.invoke("Ada");
  const output = run.output();
  await world.clock.tick();
  const [id, said] = await output;
  expect(said).toEqual(["Ada", id]);
  expect((await world.store.readTasks(run.id)).map(({ kind }) => kind)).not.toContain("task");
});
