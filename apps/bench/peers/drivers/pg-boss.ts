import { Pool } from "pg";
import { PgBoss } from "pg-boss";
import { BULK, type Driver, type DriverContext } from "../../src/speed/driver.ts";
import { createDatabase, dropDatabase, POOL_SIZE } from "./postgres.ts";

/** Jobs that one worker fetches and completes together; it executes them one after the other. */
const BATCH = 100;

// As the predicate of one of its indexes has it.
const COUNT_LEFT = `SELECT count(*)::int AS left FROM pgboss.job
  WHERE name = 'noop' AND state IN ('created', 'retry', 'active', 'failed')`;

/** Without its LISTEN/NOTIFY: that is for the latency of an idle queue, and makes PostgreSQL commit one after the other. */
export async function open({ service }: DriverContext): Promise<Driver> {
  const connectionString = await createDatabase(service);
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false, max: POOL_SIZE });
  // Without a listener an error of the pool would end the process; what it spoils is seen in what is measured.
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue("noop");
  const pool = new Pool({ connectionString, max: 2 });
  let added = 0;
  return {
    enqueue: (n) => boss.send("noop", { n }),
    enqueueMany: async (kind, count) => {
      if (kind !== "noop") throw new Error("pg-boss has no memoised steps");
      added += count;
      for (let made = 0; made < count; made += BULK) {
        const length = Math.min(BULK, count - made);
        await boss.insert(
          "noop",
          Array.from({ length }, (_, index) => ({ data: { n: made + index } })),
        );
      }
    },
    startWorker: async ({ concurrency, onBegin }) => {
      const options = {
        batchSize: BATCH,
        localConcurrency: concurrency,
        burstWhenBatchFull: true,
        pollingIntervalSeconds: 0.5,
      };
      await boss.work("noop", options, async (jobs) => {
        jobs.forEach(() => onBegin());
      });
      return () => boss.offWork("noop");
    },
    countFinished: async () => {
      const { rows } = await pool.query<{ left: number }>(COUNT_LEFT);
      return added - (rows[0]?.left ?? added);
    },
    close: async () => {
      await boss.stop({ graceful: false });
      await pool.end();
      await dropDatabase(service, connectionString);
    },
  };
}
