import { z } from "zod";
import { BeckonClient, invokeTrigger } from "./index.ts";
const client = new BeckonClient({ id: "acme" });
export const exampleJob = client.defineJob({
  id: "example-job",
  name: "Example job",
  version: "1.0.1",
  trigger: invokeTrigger({
    schema: z.object({ userId: z.string(), tier: z.union([z.literal("free"), z.literal("pro")]) }),
    examples: [{ id: "issue.opened", name: "Issue opened", payload: { userId: "1234", tier: "free" }, icon: "github" }],
  }),
  run: async (payload, io, ctx) => {
    payload.tier satisfies "free" | "pro";
    void io;
    ctx.run.id satisfies string;
  },
});
export const charge = client.defineJob({
  id: "charge",
  name: "Charge",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ n: z.coerce.number().default(3) }) }),
  errors: { CARD_DECLINED: z.object({ reason: z.string() }) },
  run: async (payload, _io, ctx) => {
    if (payload.n > 3) throw ctx.errors.CARD_DECLINED({ reason: "x" });
    return { id: payload.n };
  },
});
export const bad = client.defineJob({
  id: "charge",
  name: "Charge",
  version: "1.0.0",
  trigger: invokeTrigger(),
  errors: {
    // @ts-expect-error reserved
    UNCAUGHT: z.object({ reason: z.string() }),
  },
  run: async () => 3,
});
const r = await charge.invokeAndWait({});
if (r.ok) r.output.id satisfies number;
else if (r.error.code === "CARD_DECLINED") r.error.data.reason satisfies string;
// @ts-expect-error paid is no tier
await exampleJob.invoke({ userId: "1", tier: "paid" });
