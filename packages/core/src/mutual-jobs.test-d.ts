import { expectTypeOf } from "vitest";
import { z } from "zod";
import { BeckonClient, invokeTrigger, type OutputOf } from "./index.ts";
import { pong } from "./mutual-jobs-pong.test-d.ts";

/*
 * TypeScript cannot infer the type of a value from itself (TS7022, TS7023). Where a job's `run` uses its own
 * handle, or two jobs use each other's, one of them says what its `run` returns; nothing else needs saying.
 */

const client = new BeckonClient({ id: "acme" });

// A job that invokes itself.
export const countDown = client.defineJob({
  id: "count-down",
  name: "Count down",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ from: z.number() }) }),
  run: async ({ from }): Promise<{ steps: number }> => {
    if (from === 0) return { steps: 0 };
    const { steps } = await (await countDown.invoke({ from: from - 1 })).output();
    return { steps: steps + 1 };
  },
});
expectTypeOf<OutputOf<typeof countDown>>().toEqualTypeOf<{ steps: number }>();

// Two jobs in two files that invoke each other: this one is annotated, the other is not.
export const ping = client.defineJob({
  id: "ping",
  name: "Ping",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ rallies: z.number() }) }),
  run: async ({ rallies }): Promise<{ hits: number }> => {
    const back = await pong.invokeAndWait({ rallies: rallies - 1 });
    if (back.ok) expectTypeOf(back.output).toEqualTypeOf<{ returned: number }>();
    return { hits: back.ok ? back.output.returned + 1 : 0 };
  },
});
expectTypeOf<OutputOf<typeof ping>>().toEqualTypeOf<{ hits: number }>();
expectTypeOf<OutputOf<typeof pong>>().toEqualTypeOf<{ returned: number }>();
