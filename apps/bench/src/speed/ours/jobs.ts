import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";
import { STEPS } from "../driver.ts";

const client = new BeckonClient({ id: "bench" });
const trigger = invokeTrigger({ schema: z.object({ n: z.number() }) });

/** The jobs that are measured; `onBegin` is told of each that begins. */
export function createJobs(onBegin: () => void) {
  const noop = client.defineJob({
    id: "noop",
    name: "No-op",
    version: "1.0.0",
    trigger,
    run: async () => onBegin(),
  });
  const steps = client.defineJob({
    id: "steps",
    name: "Ten steps",
    version: "1.0.0",
    trigger,
    run: async (_payload, io) => {
      onBegin();
      for (let step = 0; step < STEPS; step += 1) await io.runTask(`s${step}`, () => step);
    },
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Awaits a child",
    version: "1.0.0",
    trigger,
    run: async ({ n }) => {
      await noop.invokeAndWait({ n });
    },
  });
  /** No more than ten at once. */
  const limited = client.defineJob({
    id: "limited",
    name: "No-op with a limit",
    version: "1.0.0",
    trigger,
    concurrencyLimit: 10,
    run: async () => onBegin(),
  });
  return { noop, steps, parent, limited };
}

export type BenchJobs = ReturnType<typeof createJobs>;
