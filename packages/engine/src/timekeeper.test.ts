import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { Store } from "./store/store.ts";
import { createManualClock } from "./testing/manual-clock.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { startTestEngine } from "./testing/test-engine.ts";

const client = new BeckonClient({ id: "tests" });
const napper = client.defineJob({
  id: "napper",
  name: "Napper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: (_payload, io) => io.wait("nap", 5),
});

/** Answers `advanceTime` when the test says so: what the store found is by then older than what was written since. */
function createSlowStore(): { readonly store: Store; readonly asked: Promise<void>; answer(): void; slowDown(): void } {
  const real = createMemoryStore();
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  let isSlow = false;
  const store: Store = {
    ...real,
    advanceTime: async (request) => {
      const found = await real.advanceTime(request);
      if (!isSlow) return found;
      isSlow = false;
      asked.resolve();
      await answer.promise;
      return found;
    },
  };
  return { store, asked: asked.promise, answer: answer.resolve, slowDown: () => void (isSlow = true) };
}

test("B35 a wait that begins while the store is asked what is due is not forgotten", async () => {
  const slow = createSlowStore();
  await using world = await startTestEngine([napper], { store: slow.store });
  await napper.invoke({}, { delay: 1 });
  slow.slowDown();
  const advanced = world.clock.advance(1_000);
  await slow.asked;
  const run = await napper.invoke({});
  await advanced;
  slow.answer();
  await world.clock.tick();
  await world.clock.advance(5_000);
  expect(await run.result()).toMatchObject({ ok: true });
});

test("where runs are kept for ever the store is asked to see to the rest of its upkeep", async () => {
  const real = createMemoryStore();
  const asked: Parameters<Store["prune"]>[0][] = [];
  const store: Store = {
    ...real,
    prune: (request) => {
      asked.push(request);
      return real.prune(request);
    },
  };
  await using world = await startTestEngine([napper], { store, retentionMs: null });
  await world.clock.advance(3_600_000);
  expect(asked.map(({ endedBefore }) => endedBefore)).toEqual([0, 0]);
  const daysBack = asked.map(({ giveUpBefore, now }) => (now - giveUpBefore) / 86_400_000);
  expect(daysBack).toEqual([1, 1]);
});

test("while what is due cannot be written the engine is not ready, and says why", async () => {
  const real = createMemoryStore();
  let isFull = false;
  const advanceTime: Store["advanceTime"] = async (request) => {
    if (isFull) throw new StoreUnavailableError("the disk is full");
    return real.advanceTime(request);
  };
  await using world = await startTestEngine([napper], { store: { ...real, advanceTime } });
  const run = await napper.invoke({}, { delay: 1 });
  isFull = true;
  await world.clock.advance(60_000);
  expect(world.engine.health()).toMatchObject({ isReady: false, problem: "the disk is full" });
  isFull = false;
  await world.clock.advance(1_000);
  expect(world.engine.health()).toMatchObject({ isReady: true, problem: null });
  await world.clock.advance(5_000);
  expect(await run.result()).toMatchObject({ ok: true });
});

test("what is over its retention is deleted until none is left, though another process takes its part of each batch", async () => {
  const clock = createManualClock();
  const startedAt = clock.now();
  const batches = [500, 96, 1];
  const asked: (readonly [number, number])[] = [];
  const store: Store = {
    ...createMemoryStore(),
    prune: ({ endedBefore, now }) => {
      asked.push([now - startedAt, endedBefore - startedAt]);
      const pruned = batches.shift() ?? 0;
      return new Promise((resolve) => clock.setTimer(now + 10, () => resolve(pruned)));
    },
  };
  await using world = await startTestEngine([napper], { store, clock, retentionMs: 1_000 });
  await world.clock.advance(3_600_050);
  // What becomes old meanwhile is left to the next hour: on a busy server there is always some.
  const first = [0, 10, 20, 30].map((at) => [at, -1_000]);
  expect(asked).toEqual([...first, [3_600_000, 3_599_000]]);
});

test("why what is due cannot be done for now is told once, and again when it comes back", async () => {
  const real = createMemoryStore();
  let problem: string | null = "Whether worker b lives cannot be told";
  const recoverRuns: Store["recoverRuns"] = async (request) => {
    if (problem !== null) throw new StoreUnavailableError(problem);
    return real.recoverRuns(request);
  };
  const told: string[] = [];
  const onProblem = ({ message }: Error): void => void told.push(message);
  await using world = await startTestEngine([napper], {
    store: { ...real, recoverRuns },
    onProblem,
    recoveryMs: 5_000,
  });
  await world.clock.advance(10_000);
  expect(told).toEqual([problem]);
  problem = null;
  await world.clock.advance(10_000);
  problem = "the disk is full";
  await world.clock.advance(10_000);
  expect(told).toEqual(["Whether worker b lives cannot be told", "the disk is full"]);
});
