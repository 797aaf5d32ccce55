import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { Pool } from "pg";
import { BULK, type Driver, type DriverContext } from "../../src/speed/driver.ts";
import { createDatabase, dropDatabase, POOL_SIZE } from "./postgres.ts";

const logger = new Logger(() => () => undefined);

/** What its page on performance recommends: a local queue and batched completions. Finished jobs are deleted. */
const TUNED = { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };

export async function open({ service, tuning }: DriverContext): Promise<Driver> {
  const connectionString = await createDatabase(service);
  const pool = new Pool({ connectionString, max: POOL_SIZE });
  const utils = await makeWorkerUtils({ pgPool: pool, logger });
  await utils.migrate();
  let added = 0;
  return {
    enqueue: (n) => utils.addJob("noop", { n }),
    enqueueMany: async (kind, count) => {
      if (kind !== "noop") throw new Error("graphile-worker has no memoised steps");
      added += count;
      for (let made = 0; made < count; made += BULK) {
        const length = Math.min(BULK, count - made);
        await utils.addJobs(
          Array.from({ length }, (_, index) => ({ identifier: "noop", payload: { n: made + index } })),
        );
      }
    },
    startWorker: async ({ concurrency, onBegin }) => {
      const runner = await run({
        preset: {
          worker: {
            connectionString,
            concurrentJobs: concurrency,
            // As its documentation has it, ten, or two more than its jobs; a hundred made it no faster than these.
            maxPoolSize: Math.max(10, Math.min(concurrency + 2, POOL_SIZE)),
            logger,
            ...(tuning === "tuned" ? TUNED : {}),
          },
        },
        noHandleSignals: true,
        taskList: { noop: async () => onBegin() },
      });
      return () => runner.stop();
    },
    countFinished: async () => {
      const { rows } = await pool.query<{ left: number }>("SELECT count(*)::int AS left FROM graphile_worker.jobs");
      return added - (rows[0]?.left ?? 0);
    },
    close: async () => {
      await utils.release();
      await pool.end();
      await dropDatabase(service, connectionString);
    },
  };
}
