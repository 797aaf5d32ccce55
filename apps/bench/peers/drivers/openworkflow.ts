import { join } from "node:path";
import { OpenWorkflow } from "openworkflow";
import { BackendPostgres } from "openworkflow/postgres";
import { BackendSqlite } from "openworkflow/sqlite";
import { type Driver, type DriverContext, STEPS } from "../../src/speed/driver.ts";
import { createDatabase, dropDatabase } from "./postgres.ts";

/** OpenWorkflow over PostgreSQL or SQLite. It offers no bulk call: many are started sixty-four at a time. */
const AT_ONCE = 64;

export async function open({ folder, variant, service }: DriverContext): Promise<Driver> {
  const database = variant === "postgres" ? await createDatabase(service) : null;
  const backend =
    database === null
      ? BackendSqlite.connect(join(folder, "openworkflow.db"))
      : await BackendPostgres.connect(database);
  const ow = new OpenWorkflow({ backend });
  let onBegin: (() => void) | undefined;
  const workflows = defineWorkflows(ow, () => onBegin?.());
  return {
    enqueue: (n) => workflows.noop.run({ n }),
    enqueueMany: async (kind, count) => {
      for (let made = 0; made < count; made += AT_ONCE) {
        const length = Math.min(AT_ONCE, count - made);
        await Promise.all(Array.from({ length }, (_, index) => workflows[kind].run({ n: made + index })));
      }
    },
    startWorker: async (request) => {
      onBegin = request.onBegin;
      const worker = ow.newWorker({ concurrency: request.concurrency });
      await worker.start();
      return () => worker.stop();
    },
    countFinished: async () => (await backend.countWorkflowRuns()).completed,
    roundTrip: async (kind, n) => {
      const handle = await workflows[kind].run({ n });
      await handle.result();
    },
    close: async () => {
      await backend.stop();
      if (database !== null) await dropDatabase(service, database);
    },
  };
}

function defineWorkflows(ow: OpenWorkflow, onBegin: () => void) {
  const noop = ow.defineWorkflow<{ n: number }, null>({ name: "noop" }, () => {
    onBegin();
    return null;
  });
  const steps = ow.defineWorkflow<{ n: number }, null>({ name: "steps" }, async ({ step }) => {
    onBegin();
    for (let n = 0; n < STEPS; n += 1) await step.run({ name: `s${n}` }, () => n);
    return null;
  });
  const parent = ow.defineWorkflow<{ n: number }, null>({ name: "parent" }, async ({ input, step }) => {
    await step.runWorkflow(noop.workflow.spec, input);
    return null;
  });
  return { noop, steps, parent };
}
