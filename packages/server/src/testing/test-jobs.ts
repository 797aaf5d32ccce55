import { once } from "node:events";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { z as zod } from "zod";

const client = new BeckonClient({ id: "tests" });

const echo = client.defineJob({
  id: "echo",
  name: "Echo",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

/** Waits for a signal. */
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => io.waitForSignal("wake", "wake-up"),
});

/** Goes on until it is told to stop. */
const stuck = client.defineJob({
  id: "stuck",
  name: "Stuck",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, _io, ctx) => once(ctx.signal, "abort"),
});

const disabled = client.defineJob({
  id: "disabled",
  name: "Disabled",
  version: "1.0.0",
  enabled: false,
  trigger: invokeTrigger(),
  run: async () => undefined,
});

/** Jobs of a test's own, one of each kind. zod is handed in: the package itself does without it. */
export function defineTestJobs(z: typeof zod) {
  const person = z.object({ name: z.string(), tags: z.array(z.object({ label: z.string() })).default([]) });
  const greet = client.defineJob({
    id: "greet",
    name: "Greet",
    version: "1.2.3",
    trigger: invokeTrigger({
      schema: person,
      examples: [{ id: "ada", name: "Ada", payload: { name: "Ada" }, icon: "user" }],
    }),
    run: async ({ name }, io, ctx) => {
      io.logger.info("greeting", { name });
      const text = await io.runTask("text", () => `Hello, ${name}`);
      return { text, account: ctx.account?.id ?? null, context: ctx.event.context ?? null, at: new Date(0) };
    },
  });
  const charge = defineCharge(z);
  /** Invokes another job, and waits for it. */
  const welcome = client.defineJob({
    id: "welcome",
    name: "Welcome",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: person }),
    run: async (payload, _io, ctx) => {
      const result = await greet.invokeAndWait(payload, { accountId: ctx.account?.id, context: ctx.event.context });
      return result.ok ? result.output : result.error.code;
    },
  });
  return { greet, echo, charge, welcome, sleeper, stuck, disabled };
}

function defineCharge(z: typeof zod) {
  return client.defineJob({
    id: "charge",
    name: "Charge",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ amount: z.number() }) }),
    errors: { CARD_DECLINED: z.object({ reason: z.string() }) },
    run: async ({ amount }, _io, ctx) => {
      if (amount > 100) throw ctx.errors.CARD_DECLINED({ reason: "limit" });
      return { charged: amount };
    },
  });
}
