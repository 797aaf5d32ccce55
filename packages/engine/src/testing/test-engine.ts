import type { AnyJob } from "@beckon/core";
import { connectJob } from "@beckon/core/runtime";
import { createEngine, type EngineOptions } from "../create-engine.ts";
import type { Engine } from "../engine.ts";
import type { Store } from "../store/store.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryStore } from "./memory-store.ts";

/** Looking for dead processes every few seconds would cost a test that skips a week a hundred thousand looks. */
const A_DAY = 86_400_000;

export interface TestEngine extends AsyncDisposable {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: ManualClock;
}

/** An engine of a test's own, started, with its jobs connected and a clock that the test moves. Over a memory store, unless one is given. */
export async function startTestEngine(
  jobs: readonly AnyJob[],
  options: Partial<EngineOptions> & { readonly clock?: ManualClock } = {},
): Promise<TestEngine> {
  const clock = options.clock ?? createManualClock();
  const store = options.store ?? createMemoryStore();
  const engine = createEngine({ recoveryMs: A_DAY, ...options, store, jobs, clock });
  const disconnect = jobs.map((job) => connectJob(job, engine.transport));
  await engine.start();
  return {
    engine,
    store,
    clock,
    [Symbol.asyncDispose]: async () => {
      for (const take of disconnect) take();
      await engine.stop({ timeoutMs: 0 });
      if (options.store === undefined) await store.close();
    },
  };
}
