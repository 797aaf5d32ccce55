import { DBOS, DBOSClient } from "@dbos-inc/dbos-sdk";
import { Pool } from "pg";
import { type Driver, type DriverContext, STEPS } from "../../src/speed/driver.ts";
import { createDatabase, dropDatabase } from "./postgres.ts";

const QUEUE = "bench";
/** DBOS offers no bulk call: many are enqueued sixty-four at a time. */
const AT_ONCE = 64;
/** The interval at which a tuned queue is polled; its default is a second. */
const POLL_MS = 10;

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

export async function open({ service, tuning }: DriverContext): Promise<Driver> {
  const systemDatabaseUrl = await createDatabase(service);
  DBOS.setConfig({ name: "bench", systemDatabaseUrl, logLevel: "error", applicationVersion: "1" });
  await DBOS.launch();
  await DBOS.shutdown();
  const client = await DBOSClient.create({ systemDatabaseUrl, applicationName: "bench" });
  const pool = new Pool({ connectionString: systemDatabaseUrl, max: 2 });
  const enqueue = (workflowName: string, n: number) =>
    client.enqueue<(n: number) => Promise<void>>({ workflowName, queueName: QUEUE, appVersion: "1" }, n);
  return {
    enqueue: (n) => enqueue("noop", n),
    enqueueMany: async (kind, count) => {
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
      const { rows } = await pool.query<{ done: number }>(
        "SELECT count(*)::int AS done FROM dbos.workflow_status WHERE status = 'SUCCESS' AND name = $1",
        [kind],
      );
      return rows[0]?.done ?? 0;
    },
    // Tuned, it begins in the calling process; by default here it takes the queue, as a job of another process would.
    roundTrip: async (kind, n) => {
      const handle = tuning === "tuned" ? await DBOS.startWorkflow(WORKFLOWS[kind])(n) : await enqueue(kind, n);
      await handle.getResult();
    },
    close: async () => {
      await client.destroy();
      await pool.end();
      await dropDatabase(service, systemDatabaseUrl);
    },
  };
}
