import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import { Pool } from "pg";
import { type Driver, type DriverContext, STEPS } from "../../src/speed/driver.ts";
import { createDatabase, dropDatabase, POOL_SIZE } from "./postgres.ts";

const QUEUE = "bench";
/** DBOS offers no bulk call: many are enqueued sixty-four at a time. */
const AT_ONCE = 64;
/** The interval at which a tuned queue is polled; its default is a second. */
const POLL_MS = 2;

let onBegin = (): void => undefined;

const noop = DBOS.registerWorkflow(async (_n: number) => onBegin(), { name: "noop" });
const steps = DBOS.registerWorkflow(
  async (_n: number) => {
    onBegin();
    for (let n = 0; n < STEPS; n += 1) await DBOS.runStep(async () => n, { name: `s${n}` });
  },
  { name: "steps" },
);
const parent = DBOS.registerWorkflow(
  async (n: number) => {
    const child = await DBOS.startWorkflow(noop)(n);
    await child.getResult();
  },
  { name: "parent" },
);
const WORKFLOWS = { noop, steps, parent };

/** The variant `queue` waits for results by way of its queue, as one application does of another. */
export async function open({ service, tuning, variant }: DriverContext): Promise<Driver> {
  const systemDatabaseUrl = await createDatabase(service);
  const pooling = tuning === "tuned" ? { systemDatabasePoolSize: POOL_SIZE } : {};
  DBOS.setConfig({ name: "bench", systemDatabaseUrl, logLevel: "error", applicationVersion: "1", ...pooling });
  await DBOS.launch();
  await DBOS.shutdown();
  const client = await DBOSClient.create({ systemDatabaseUrl, applicationName: "bench", ...pooling });
  const pool = new Pool({ connectionString: systemDatabaseUrl, max: 2 });
  const enqueue = (workflowName: string, n: number) =>
    client.enqueue<(n: number) => Promise<void>>({ workflowName, queueName: QUEUE, appVersion: "1" }, n);
  const added = { noop: 0, steps: 0, parent: 0 };
  return {
    enqueue: (n) => enqueue("noop", n),
    enqueueMany: async (kind, count) => {
      added[kind] += count;
      for (let made = 0; made < count; made += AT_ONCE) {
        const length = Math.min(AT_ONCE, count - made);
        await Promise.all(Array.from({ length }, (_, index) => enqueue(kind, made + index)));
      }
    },
    startWorker: async (request) => {
      onBegin = request.onBegin;
      await DBOS.launch();
      const polling = tuning === "tuned" ? { minPollingIntervalMs: POLL_MS } : {};
      await DBOS.registerQueue(QUEUE, { workerConcurrency: request.concurrency, ...polling });
      return () => DBOS.shutdown();
    },
    countFinished: async (kind) => {
      const { rows } = await pool.query<{ left: number }>(
        "SELECT count(*)::int AS left FROM dbos.workflow_status WHERE status IN ('ENQUEUED', 'PENDING', 'ERROR') AND name = $1",
        [kind],
      );
      return added[kind] - (rows[0]?.left ?? added[kind]);
    },
    roundTrip: async (kind, n) => {
      const handle = variant === "queue" ? await enqueue(kind, n) : await DBOS.startWorkflow(WORKFLOWS[kind])(n);
      await handle.getResult();
    },
    close: async () => {
      await client.destroy();
      await pool.end();
      await dropDatabase(service, systemDatabaseUrl);
    },
  };
}
