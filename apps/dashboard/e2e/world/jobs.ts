import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";

const client = new BeckonClient({ id: "dashboard-tests" });

export const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.2.0",
  logLevel: "debug",
  trigger: invokeTrigger({
    schema: z.object({
      name: z.string().min(2),
      tier: z.union([z.literal("free"), z.literal("pro")]).default("free"),
      born: z.date().optional(),
      visits: z.bigint().optional(),
      friends: z.array(z.object({ name: z.string() })).optional(),
    }),
    examples: [
      { id: "ada", name: "Ada greets", payload: { name: "Ada" }, icon: "user" },
      { id: "alan", name: "Alan, who pays", payload: { name: "Alan", tier: "pro", born: new Date("1912-06-23") } },
    ],
  }),
  run: async ({ name, tier, born }, io) => {
    io.logger.info("greeting", { name });
    io.logger.debug("a detail");
    const text = await io.runTask("write", () => `Hello, ${name} (${tier})`);
    return { text, born };
  },
});

/** Fails on its first attempt, and succeeds when it is opened again. */
export const flaky = client.defineJob({
  id: "flaky",
  name: "Flaky",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io, ctx) => {
    await io.runTask("prepare", () => "ready");
    await io.runTask("deliver", () => {
      if (ctx.run.attempt === 1) throw new Error("The post office is closed.", { cause: new Error("It is Sunday.") });
      return "delivered";
    });
    return "done";
  },
});

/** Waits until somebody signals. */
export const patient = client.defineJob({
  id: "patient",
  name: "Patient",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    await io.createStatus("progress", { label: "Waiting for word", state: "loading", data: { heard: 1, total: 4 } });
    await io.wait("a long while", "1h");
    return "waited";
  },
});

/** Has children, one of which fails. */
export const family = client.defineJob({
  id: "family",
  name: "Family",
  version: "2.0.0",
  trigger: invokeTrigger({ schema: z.object({ size: z.number() }) }),
  concurrencyLimit: 2,
  retry: { limit: 2 },
  run: async ({ size }, io): Promise<number> => {
    const names = Array.from({ length: size }, (_unused, index) => `child ${index}`);
    const results = await greet.batchInvokeAndWait(
      names.map((name) => ({ payload: { name }, options: { key: name } })),
    );
    await io.runTask("count", () => results.length);
    return results.length;
  },
});

/** Fails at once, and from its second attempt on works at one task until it is canceled. */
export const stubborn = client.defineJob({
  id: "stubborn",
  name: "Stubborn",
  version: "1.0.0",
  trigger: invokeTrigger(),
  retry: { limit: 2, minTimeoutInMs: 0 },
  run: async (_payload, io, ctx) => {
    if (ctx.run.attempt === 1) throw new Error("The door was locked.");
    await io.runTask("dig", ({ signal }) => untilAborted(signal));
  },
});

/** Logs when it is signaled, and after a second signal logs again, makes a run that it does not wait for, and ends. */
export const relay = client.defineJob({
  id: "relay",
  name: "Relay",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    io.logger.info("ready");
    await io.waitForSignal("start", "go");
    io.logger.info("gone");
    await io.waitForSignal("finish", "stop");
    io.logger.info("almost there");
    await greet.invoke({ name: "Last" }, { key: "last" });
  },
});

/** Has more steps than a screen, the last of them with two inside. */
export const lengthy = client.defineJob({
  id: "lengthy",
  name: "Lengthy",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (_payload, io) => {
    for (let step = 1; step <= 40; step += 1) await io.runTask(`step ${step}`, () => step);
    await io.runTask("outer", async () => {
      await io.runTask("inner one", () => 1);
      await io.runTask("inner two", () => 2);
    });
  },
});

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_never, abort) => signal.addEventListener("abort", () => abort(signal.reason as Error)));
}
