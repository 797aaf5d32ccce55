import { join } from "node:path";
import Database from "better-sqlite3";
import { better, defineQueue, defineWorker, JobStatus } from "plainjob";
import { BULK, type Driver, type DriverContext } from "../../src/speed/driver.ts";

const SILENT = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** plainjob sets `synchronous = NORMAL` itself. A worker takes one job at a time: concurrency is that many workers. */
export async function open({ folder, tuning }: DriverContext): Promise<Driver> {
  const queue = defineQueue({ connection: better(new Database(join(folder, "plainjob.db"))), logger: SILENT });
  return {
    enqueue: async (n) => queue.add("noop", { n }),
    enqueueMany: async (_kind, count) => {
      for (let made = 0; made < count; made += BULK) {
        const length = Math.min(BULK, count - made);
        queue.addMany(
          "noop",
          Array.from({ length }, (_, index) => ({ n: made + index })),
        );
      }
    },
    startWorker: async ({ concurrency, onBegin }) => {
      const poll = tuning === "tuned" ? { pollIntervall: 10 } : {};
      const workers = Array.from({ length: concurrency }, () =>
        defineWorker("noop", async () => onBegin(), { queue, logger: SILENT, ...poll }),
      );
      const ended = workers.map((worker) => worker.start());
      return async () => {
        await Promise.all(workers.map((worker) => worker.stop()));
        await Promise.all(ended);
      };
    },
    countFinished: async () => queue.countJobs({ status: JobStatus.Done }),
    close: async () => queue.close(),
  };
}
