import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createEngine } from "./create-engine.ts";
import type { Store } from "./store/store.ts";
import { createMemoryStore } from "./testing/memory-store.ts";
import { startTestEngine } from "./testing/test-engine.ts";

const client = new BeckonClient({ id: "tests" });
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: (_payload: unknown, io: IO) => io.waitForSignal("wait", "wake-up"),
});

/** Counts who listens. */
function createWatchedStore() {
  const real = createMemoryStore();
  const seen = { listeners: 0 };
  const subscribe: Store["subscribe"] = (listener) => {
    const unsubscribe = real.subscribe(listener);
    seen.listeners += 1;
    return () => {
      seen.listeners -= 1;
      unsubscribe();
    };
  };
  return { store: { ...real, subscribe } satisfies Store, seen };
}

test("an engine that has stopped does not listen to its store any more", async () => {
  const { store, seen } = createWatchedStore();
  for (let restart = 0; restart < 3; restart += 1) {
    await using world = await startTestEngine([sleeper], { store });
    expect(seen.listeners).toBe(1);
    await world.engine.stop();
    expect(seen.listeners).toBe(0);
  }
});

test("an engine that was started again after a failure, or twice, stops listening all the same", async () => {
  const { store, seen } = createWatchedStore();
  let isClosed = true;
  const openWorker: Store["openWorker"] = (request) => {
    if (isClosed) return Promise.reject(new Error("The store is closed for a moment."));
    return store.openWorker(request);
  };
  const engine = createEngine({ store: { ...store, openWorker }, jobs: [sleeper] });
  await expect(engine.start()).rejects.toThrow("closed for a moment");
  isClosed = false;
  await engine.start();
  await engine.start();
  expect(seen.listeners).toBe(1);
  await engine.stop();
  expect(seen.listeners).toBe(0);
});

test("who waits for a result at a stopped engine is told of it by what another does", async () => {
  const { store, seen } = createWatchedStore();
  await using first = await startTestEngine([sleeper], { store });
  const { id: runId } = await sleeper.invoke({});
  await first.engine.stop();
  const result = first.engine.result({ runId, timeoutMs: Number.POSITIVE_INFINITY });
  expect(seen.listeners).toBe(1);
  await using second = await startTestEngine([sleeper], { store });
  await second.engine.cancel(runId);
  expect(await result).toMatchObject({ ok: false, status: "CANCELED" });
  await second.engine.stop();
  expect(seen.listeners).toBe(0);
});
