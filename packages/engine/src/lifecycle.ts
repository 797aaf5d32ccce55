import type { Deliveries } from "./deliveries.ts";
import type { Engine } from "./engine.ts";
import type { EngineParts } from "./parts.ts";
import type { RefusedWrites } from "./refused-writes.ts";
import type { RunWatch } from "./run-watch.ts";
import type { StoreNews } from "./store-news.ts";
import { StoreClosedError } from "./store/store-closed-error.ts";
import { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { StoreChange } from "./store/store.ts";
import type { Timekeeper } from "./timekeeper.ts";
import { toWorkerJobs } from "./worker-jobs.ts";
import type { Worker } from "./worker.ts";

const DEFAULT_STOP_MS = 30_000;

export interface LifecycleParts {
  readonly parts: EngineParts;
  readonly worker: Worker;
  readonly timekeeper: Timekeeper;
  readonly deliveries: Deliveries;
  readonly refused: RefusedWrites;
  readonly watch: RunWatch;
  readonly news: StoreNews;
  /** false: it makes and shows runs, and executes none. */
  readonly isExecuting: boolean;
}

type State = "new" | "started" | "draining" | "stopped";

/** Starting, stopping, and what is told of both. Waiting for results works before `start` and after `stop`. */
export function createLifecycle(all: LifecycleParts): Pick<Engine, "start" | "stop" | "health"> {
  const { parts, worker, timekeeper, deliveries, refused, news, isExecuting } = all;
  const { store, clock, workerId } = parts;
  let state: State = "new";
  const isStarted = (): boolean => state === "started";
  listen(all, () => state);
  return {
    start: async () => {
      if (state === "new" || state === "stopped") news.need();
      state = "started";
      if (isExecuting) await store.openWorker({ workerId, jobs: toWorkerJobs(parts.jobs.values()), now: clock.now() });
      // It takes a while where a deploy has given jobs other limits, and somebody may have stopped the engine meanwhile.
      if (!isStarted()) return isExecuting ? closeWorker(parts) : undefined;
      refused.start();
      await timekeeper.start();
      if (!isExecuting) return;
      worker.start();
      deliveries.start();
    },
    stop: async ({ timeoutMs = DEFAULT_STOP_MS } = {}) => {
      if (state !== "started") return;
      state = "draining";
      try {
        await Promise.all([deliveries.stop(timeoutMs), worker.stop(timeoutMs)]);
        // Last: the running steps were waiting for what it does.
        await timekeeper.stop();
        if (isExecuting) await closeWorker(parts);
      } finally {
        state = "stopped";
        refused.stop();
        news.release();
      }
    },
    health: () => toHealth(state, all),
  };
}

function toHealth(state: State, { worker, timekeeper, refused }: LifecycleParts): ReturnType<Engine["health"]> {
  const problem = worker.findProblem() ?? refused.problem ?? timekeeper.problem;
  return {
    isReady: state === "started" && problem === null,
    isDraining: state === "draining",
    problem,
    executing: worker.executing,
  };
}

async function closeWorker({ store, workerId, clock }: EngineParts): Promise<void> {
  try {
    await store.closeWorker({ workerId, now: clock.now() });
  } catch (error) {
    // What it leaves is taken over as that of a dead process is, once this one has ended.
    if (!(error instanceof StoreUnavailableError || error instanceof StoreClosedError)) throw error;
  }
}

/** Takes the store's news to who acts on it. */
function listen({ worker, timekeeper, deliveries, watch, news }: LifecycleParts, state: () => State): void {
  news.onChange = (change: StoreChange): void => {
    watch.onChange(change);
    if (state() === "new" || state() === "stopped") return;
    worker.onChange(change);
    deliveries.onChange(change);
    if (change.runs === null) timekeeper.lookAgain();
  };
}
