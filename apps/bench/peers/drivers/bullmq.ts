import { Queue, QueueEvents, Worker } from "bullmq";
import { Redis } from "ioredis";
import { BULK, type Driver, type DriverContext } from "../../src/speed/driver.ts";

/** BullMQ over a Redis of its own; the variant is in how that Redis was started. */
export async function open({ service }: DriverContext): Promise<Driver> {
  const { hostname: host, port } = new URL(service);
  const connection = { host, port: Number(port), maxRetriesPerRequest: null };
  const redis = new Redis(connection);
  await redis.flushall();
  const queue = new Queue("noop", { connection });
  await queue.waitUntilReady();
  const listen = async () => {
    const events = new QueueEvents("noop", { connection });
    await events.waitUntilReady();
    return events;
  };
  /** One, once somebody waits for a result: every transition of every job is sent to a listener. */
  const listeners: ReturnType<typeof listen>[] = [];
  return {
    enqueue: (n) => queue.add("noop", { n }),
    enqueueMany: async (kind, count) => {
      if (kind !== "noop") throw new Error("BullMQ has no memoised steps");
      for (let made = 0; made < count; made += BULK) {
        const length = Math.min(BULK, count - made);
        await queue.addBulk(Array.from({ length }, (_, index) => ({ name: "noop", data: { n: made + index } })));
      }
    },
    startWorker: async ({ concurrency, onBegin }) => {
      const worker = new Worker("noop", async () => onBegin(), { connection, concurrency });
      await worker.waitUntilReady();
      return () => worker.close();
    },
    countFinished: () => queue.getCompletedCount(),
    roundTrip: async (_kind, n) => {
      if (listeners.length === 0) listeners.push(listen());
      const [events] = await Promise.all(listeners);
      const job = await queue.add("noop", { n });
      await job.waitUntilFinished(events);
    },
    close: async () => {
      for (const events of await Promise.all(listeners)) await events.close();
      await queue.close();
      redis.disconnect();
    },
  };
}
