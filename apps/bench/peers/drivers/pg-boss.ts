import { Pool } from "pg";
import { PgBoss } from "pg-boss";
import { BULK, type Driver, type DriverContext } from "../../src/speed/driver.ts";
import { createDatabase, dropDatabase } from "./postgres.ts";

/** Jobs that one worker fetches and completes together; it executes them one after the other. */
const BATCH = 100;

export async function open({ service, tuning }: DriverContext): Promise<Driver> {
  const connectionString = await createDatabase(service);
  const boss = new PgBoss({ connectionString, supervise: false, schedule: false, useListenNotify: tuning === "tuned" });
  boss.on("error", () => undefined);
  await boss.start();
  await boss.createQueue("noop", { notify: tuning === "tuned" });
  const pool = new Pool({ connectionString, max: 2 });
  return {
    enqueue: (n) => boss.send("noop", { n }),
    enqueueMany: async (kind, count) => {
      if (kind !== "noop") throw new Error("pg-boss has no memoised steps");
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
      const { rows } = await pool.query<{ done: number }>(
        "SELECT count(*)::int AS done FROM pgboss.job WHERE state = 'completed' AND name = 'noop'",
      );
      return rows[0]?.done ?? 0;
    },
    close: async () => {
      await boss.stop({ graceful: false });
      await pool.end();
      await dropDatabase(service, connectionString);
    },
  };
}
