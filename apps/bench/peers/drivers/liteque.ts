import { join } from "node:path";
import { buildDBClient, Runner, SqliteQueue } from "liteque";
import { z } from "zod";
import type { Driver, DriverContext } from "../../src/speed/driver.ts";

const schema = z.object({ n: z.number() });

/** With its WAL option, which it runs at `synchronous = NORMAL`. It has no bulk call; finished jobs are deleted. */
export async function open({ folder, tuning }: DriverContext): Promise<Driver> {
  const db = buildDBClient(join(folder, "liteque.db"), { runMigrations: true, walEnabled: true });
  const queue = new SqliteQueue<{ n: number }>("noop", db, {
    defaultJobArgs: { numRetries: 2 },
    keepFailedJobs: false,
  });
  let added = 0;
  return {
    enqueue: (n) => queue.enqueue({ n }),
    enqueueMany: async (kind, count) => {
      if (kind !== "noop") throw new Error("liteque has no memoised steps");
      added += count;
      for (let n = 0; n < count; n += 1) await queue.enqueue({ n });
    },
    startWorker: async ({ concurrency, onBegin }) => {
      const pollIntervalMs = tuning === "tuned" ? 10 : 1_000;
      const options = { concurrency, pollIntervalMs, timeoutSecs: 60, validator: schema };
      const runner = new Runner<{ n: number }>(queue, { run: async () => onBegin() }, options);
      const ended = runner.run();
      return async () => {
        runner.stop();
        await ended;
      };
    },
    countFinished: async () => {
      const { pending, pending_retry: retried, running, failed } = await queue.stats();
      return added - pending - retried - running - failed;
    },
    close: async () => undefined,
  };
}
