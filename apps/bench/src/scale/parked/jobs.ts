import { BeckonClient, invokeTrigger } from "@beckon/core";
import { createEngine, type Engine, type Store } from "@beckon/engine";
import { openSqliteStore } from "@beckon/sqlite";
import { z } from "zod";

const client = new BeckonClient({ id: "parked" });

/** One step, and then a week's wait, or none: the same work with and without a run that stays. */
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ number: z.number(), isWaiting: z.boolean() }) }),
  run: async ({ number, isWaiting }, io) => {
    const before = await io.runTask("before", () => number);
    await io.wait("a while", isWaiting ? "7d" : 0);
    return before;
  },
});

const prompt = client.defineJob({
  id: "prompt",
  name: "Prompt",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => "ready",
});

export interface World {
  readonly store: Store;
  readonly engine: Engine;
}

export async function openWorld(path: string): Promise<World> {
  const store = await openSqliteStore({ path });
  const engine = createEngine({ store, jobs: [sleeper, prompt] });
  await engine.start();
  return { store, engine };
}

export async function closeWorld({ store, engine }: World): Promise<void> {
  await engine.stop();
  await store.close();
}

/** Resolves when a run that was invoked just before has finished. */
export async function finishOne({ engine }: World): Promise<void> {
  const [runId = ""] = await engine.invoke({
    jobId: "prompt",
    items: [{ payload: null, options: {} }],
    isBatch: false,
  });
  await engine.result({ runId, timeoutMs: 30_000 });
}

export async function invokeSleepers({ engine }: World, count: number, isWaiting: boolean): Promise<void> {
  for (let made = 0; made < count; made += 1_000) {
    const items = Array.from({ length: 1_000 }, (_, index) => ({
      payload: { number: made + index, isWaiting },
      options: {},
    }));
    await engine.invoke({ jobId: "sleeper", items, isBatch: true });
  }
}
