import type { AnyJob, Run, RunResult, RunStatus } from "@beckon/core";
import { connectJob } from "@beckon/core/runtime";
import { createEngine, type Engine, type EngineOptions, type Store } from "@beckon/engine";
import { createManualClock, type ManualClock } from "@beckon/engine/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";
import { type CrashPoint, createPoweredStore, type PoweredStore } from "./power-switch.ts";
import { untilStatus } from "./until-status.ts";

/** Looking for dead processes every few seconds would cost a test that skips a week a hundred thousand looks. */
const A_DAY = 86_400_000;

export interface WorldOptions extends Pick<EngineOptions, "concurrency" | "callChild" | "recoveryMs"> {
  /** Where its first process dies of itself. */
  readonly crashAt?: CrashPoint | undefined;
}

/** A database file of a test's own, served by one process at a time, to which the jobs are connected. */
export interface World extends AsyncDisposable {
  readonly clock: ManualClock;
  /** The file, for a further process. */
  readonly path: string;
  /** Of the process that lives. */
  readonly engine: Engine;
  readonly store: Store;
  /** Resolves when the process that lives has died at its crash point. */
  readonly died: Promise<void>;
  /** Resolves when the run has had this status, `times` times. */
  until(runId: string, status: RunStatus, times?: number): Promise<void>;
  /** The run's result; time passes until it has ended, second by second. */
  endOf<Output, Err>(run: Run<Output, Err>): Promise<RunResult<Output, Err>>;
  /** As SIGKILL and a new start: nothing of the old process is stopped, settled or ever answered. */
  restart(jobs?: readonly AnyJob[]): Promise<void>;
}

export async function startWorld(jobs: readonly AnyJob[], options: WorldOptions = {}): Promise<World> {
  const { crashAt = null, ...engineOptions } = options;
  const database = await createTemporaryDatabase();
  const clock = createManualClock();
  const begin = async (served: readonly AnyJob[], point: CrashPoint | null): Promise<Process> => {
    const real = await database.open();
    const power = createPoweredStore(real, point);
    return startProcess(served, { ...engineOptions, power, real, clock });
  };
  let process = await begin(jobs, crashAt);
  return {
    clock,
    path: database.path,
    get engine() {
      return process.engine;
    },
    get store() {
      return process.power.store;
    },
    get died() {
      return process.power.died;
    },
    until: (runId, status, times = 1) => untilStatus(process.engine, { runId, status, times }),
    endOf: async (run) => {
      // Of this process: after its death nothing is asked or moved on its behalf.
      const { engine } = process;
      while ((await engine.result({ runId: run.id })) === null) await clock.advance(1_000);
      return run.result();
    },
    restart: async (served = jobs) => {
      await process.kill();
      process = await begin(served, null);
    },
    [Symbol.asyncDispose]: async () => {
      await process.kill();
      await database[Symbol.asyncDispose]();
    },
  };
}

interface Process {
  readonly engine: Engine;
  readonly power: PoweredStore;
  kill(): Promise<void>;
}

async function startProcess(
  jobs: readonly AnyJob[],
  parts: Pick<EngineOptions, "concurrency" | "callChild" | "recoveryMs"> & {
    readonly power: PoweredStore;
    readonly real: Store;
    readonly clock: ManualClock;
  },
): Promise<Process> {
  const { power, real, ...options } = parts;
  const engine = createEngine({ recoveryMs: A_DAY, ...options, store: power.store, jobs });
  const disconnect = jobs.map((job) => connectJob(job, engine.transport));
  // A crash point may lie in the start itself.
  await Promise.race([engine.start(), power.died]);
  return {
    engine,
    power,
    kill: async () => {
      power.cut();
      for (const take of disconnect) take();
      // The kernel takes back its locks; what was on its way to the file may or may not arrive, and here it does.
      await real.close();
    },
  };
}
