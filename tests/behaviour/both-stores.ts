import type { AnyJob } from "@beckon/core";
import type { Engine } from "@beckon/engine";
import { type ManualClock, startTestEngine } from "@beckon/engine/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";

/** An engine over a store of a test's own. */
interface StoredWorld extends AsyncDisposable {
  readonly engine: Engine;
  readonly clock: ManualClock;
}

/** For what depends on how soon a store answers: one does in the same turn, the other after a commit. */
export const STORES: Readonly<Record<string, (jobs: readonly AnyJob[]) => Promise<StoredWorld>>> = {
  memory: (jobs) => startTestEngine(jobs),
  SQLite: async (jobs) => {
    const database = await createTemporaryDatabase();
    const { engine, clock, ...world } = await startTestEngine(jobs, { store: await database.open() });
    return {
      engine,
      clock,
      [Symbol.asyncDispose]: async () => {
        await world[Symbol.asyncDispose]();
        await database[Symbol.asyncDispose]();
      },
    };
  },
};
