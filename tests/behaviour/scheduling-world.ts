import type { AnyJob, RunStatus } from "@beckon/core";
import { bindJob, type RunEvent } from "@beckon/core/runtime";
import { createEngine, type Engine, type EngineOptions, type Store } from "@beckon/engine";
import { createManualClock, type ManualClock } from "@beckon/engine/testing";
import { abandonWorkers, createTemporaryDatabase } from "@beckon/sqlite/testing";
import { untilStatus } from "./until-status.ts";

/** Looking for dead processes every few seconds would cost a test that skips a week a hundred thousand looks. */
const A_DAY = 86_400_000;

export interface ProcessOptions extends Partial<Omit<EngineOptions, "clock" | "store">> {
  /** Where its clock stands; default: where that of the process before it stood. */
  readonly startAt?: number | undefined;
  /** Its store as its engine sees it; default: as it is. */
  readonly around?: ((store: Store) => Store) | undefined;
}

/** What a server's process is made of: an engine, with its own connection to the file and its own clock. */
export interface Process {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: ManualClock;
  /** The job, with every call going to this process. */
  use<J extends AnyJob>(job: J): J;
  /** Resolves when the run has had this status, `times` times. */
  until(runId: string, status: RunStatus, times?: number): Promise<void>;
  /** All that has happened to an ended run, or to any run so far. */
  eventsOf(runId: string): Promise<readonly RunEvent[]>;
  /** As SIGKILL: nothing of it is stopped or settled, and what it writes from then on is refused. Its clock stands still. */
  kill(): void;
  stop(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/** A database file of a test's own, and the processes that serve it. */
export interface World extends AsyncDisposable {
  readonly path: string;
  start(options?: ProcessOptions): Promise<Process>;
}

export async function createWorld(jobs: readonly AnyJob[]): Promise<World> {
  const database = await createTemporaryDatabase();
  const started: Process[] = [];
  return {
    path: database.path,
    start: async ({ startAt, ...options } = {}) => {
      const clock = createManualClock(startAt ?? started.at(-1)?.clock.now());
      const process = await startProcess(await database.open(), { jobs, recoveryMs: A_DAY, ...options, clock });
      started.push(process);
      return process;
    },
    [Symbol.asyncDispose]: async () => {
      for (const process of started) await process.stop({ timeoutMs: 0 });
      await database[Symbol.asyncDispose]();
    },
  };
}

async function startProcess(
  store: Store,
  {
    around = (real) => real,
    ...options
  }: Omit<EngineOptions, "store" | "clock"> & Pick<ProcessOptions, "around"> & { readonly clock: ManualClock },
): Promise<Process> {
  const { clock } = options;
  const engine = createEngine({ ...options, store: around(store) });
  await engine.start();
  return {
    engine,
    store,
    clock,
    use: (job) => bindJob(job, engine.transport),
    until: (runId, status, times = 1) => untilStatus(engine, { runId, status, times }),
    eventsOf: async (runId) => {
      const signal = AbortSignal.abort();
      const events: RunEvent[] = [];
      for await (const event of engine.events({ runId, signal })) events.push(event);
      return events;
    },
    kill: () => abandonWorkers(store),
    stop: (stopping) => engine.stop(stopping),
  };
}
