import { once } from "node:events";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";

export const client = new BeckonClient({ id: "tests" });

const person = z.object({ name: z.string(), tags: z.array(z.object({ label: z.string() })).default([]) });

/** One of each kind that the tests of the doors need. */
export const greet = client.defineJob({
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

export const echo = client.defineJob({
  id: "echo",
  name: "Echo",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload) => payload,
});

export const charge = client.defineJob({
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

/** Invokes another job, and waits for it. */
export const welcome = client.defineJob({
  id: "welcome",
  name: "Welcome",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: person }),
  run: async (payload, _io, ctx) => {
    const result = await greet.invokeAndWait(payload, { accountId: ctx.account?.id, context: ctx.event.context });
    return result.ok ? result.output : result.error.code;
  },
});

/** Waits for a signal. */
export const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => io.waitForSignal("wake", "wake-up"),
});

/** Goes on until it is told to stop. */
export const stuck = client.defineJob({
  id: "stuck",
  name: "Stuck",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, _io, ctx) => once(ctx.signal, "abort"),
});

export const disabled = client.defineJob({
  id: "disabled",
  name: "Disabled",
  version: "1.0.0",
  enabled: false,
  trigger: invokeTrigger(),
  run: async () => undefined,
});

export const jobs = { greet, echo, charge, welcome, sleeper, stuck, disabled };
