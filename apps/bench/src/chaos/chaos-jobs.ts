import { setTimeout as pause } from "node:timers/promises";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";
import type { Journal } from "./journal.ts";

/** How many runs of the limited job may be inside their function at once. */
export const CHAOS_LIMIT = 5;
export const STEPS = 6;

const client = new BeckonClient({ id: "chaos" });
const { pid } = process;

/** Jobs with steps, waits, children and batches that tell the journal what they do. */
export function createChaosJobs(journal: Journal) {
  const limited = defineLimited(journal);
  return { stepper: defineStepper(journal), limited, family: defineFamily(limited) };
}

function defineStepper(journal: Journal) {
  return client.defineJob({
    id: "stepper",
    name: "Steps and a wait",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ seed: z.number() }) }),
    run: async ({ seed }, io, ctx) => {
      let sum = 0;
      for (let step = 0; step < STEPS; step += 1) {
        sum += await io.runTask(["step", step], async (task) => {
          journal.write({ kind: "step", pid, runId: ctx.run.id, step, key: task.idempotencyKey });
          await pause((seed * 7 + step * 13) % 20);
          return step;
        });
        if (step === 2) await io.wait("between", "40ms");
      }
      return { sum };
    },
  });
}

function defineLimited(journal: Journal) {
  return client.defineJob({
    id: "limited",
    name: "A few at a time",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ value: z.number() }) }),
    concurrencyLimit: CHAOS_LIMIT,
    run: async ({ value }, _io, ctx) => {
      journal.write({ kind: "enter", pid, runId: ctx.run.id });
      await pause(5 + (value % 15));
      journal.write({ kind: "leave", pid, runId: ctx.run.id });
      return value * 2;
    },
  });
}

function defineFamily(limited: ReturnType<typeof defineLimited>) {
  return client.defineJob({
    id: "family",
    name: "Children and a batch",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ base: z.number() }) }),
    run: async ({ base }) => {
      const first = await limited.invokeAndWait({ value: base });
      const rest = await limited.batchInvokeAndWait([1, 2, 3].map((more) => ({ payload: { value: base + more } })));
      return [first, ...rest].map((result) => (result.ok ? result.output : result.error.code));
    },
  });
}
