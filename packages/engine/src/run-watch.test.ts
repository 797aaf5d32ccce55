import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
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

test("a run whose function has ended is read once its end is on disk, and not before", async () => {
  const { store, seen, asked, answer } = createSlowStore();
  await using world = await startTestEngine([noop], { store });
  const run = await noop.invoke({});
  await asked;
  const output = run.output();
  await world.clock.tick();
  expect(seen.reads).toBe(0);
  answer();
  expect(await output).toBe("done");
  expect(seen.reads).toBe(1);
});

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
