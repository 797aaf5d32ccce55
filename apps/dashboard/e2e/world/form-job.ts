import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";

const client = new BeckonClient({ id: "dashboard-forms" });

/** Takes what is hard to write in a form. */
export const form = client.defineJob({
  id: "form",
  name: "Form",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      /** A pattern that cannot be read with the flag `u`. */
      slug: z
        .string()
        .regex(/^[\w-.]+$/)
        .optional(),
      isLoud: z.boolean().default(true),
      isAgreed: z.boolean().optional(),
      kind: z.literal("letter").optional(),
      visits: z.bigint().optional(),
      age: z.number().optional(),
      born: z.date().optional(),
      extra: z.record(z.string(), z.unknown()).optional(),
    }),
    examples: [
      { id: "empty", name: "Nothing given", payload: {} },
      { id: "aged", name: "With an age", payload: { age: 7 } },
    ],
  }),
  run: (payload) => payload,
});
