import { BeckonClient, invokeTrigger } from "@beckon/core";
import { z } from "zod";

const client = new BeckonClient({ id: "dashboard-fields" });

const plan = z.union([z.literal("free"), z.literal("pro")]);

/** Takes unions of literals, in each place where one can be. */
export const choices = client.defineJob({
  id: "choices",
  name: "Choices",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      text: plan,
      number: z.union([z.literal(0), z.literal(1), z.literal(2)]),
      mixed: z.union([z.literal("7"), z.literal(7), z.literal(true)]),
      optional: plan.optional(),
      otherOptional: plan.optional(),
      byDefault: plan.default("pro"),
      otherDefault: plan.default("pro"),
      nullable: plan.nullable(),
      otherNullable: plan.nullable(),
      nested: z.object({ inner: plan }),
      list: z.array(plan),
      objects: z.array(z.object({ inner: z.union([z.literal(1), z.literal(2)]) })),
    }),
  }),
  run: (payload) => payload,
});

/** Takes groups of fields that need not be there. */
export const groups = client.defineJob({
  id: "groups",
  name: "Groups",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      address: z.object({ street: z.string(), zip: z.string() }).optional(),
      names: z.array(z.string()).optional(),
    }),
    examples: [{ id: "none", name: "Nothing given", payload: {} }],
  }),
  run: (payload) => payload,
});

/** Takes what the form has no fields for, or fields of its own. */
export const values = client.defineJob({
  id: "values",
  name: "Values",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.looseObject({
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), radius: z.number() }),
        z.object({ kind: z.literal("named"), name: z.string() }),
      ]),
      record: z.record(z.string(), z.number()),
      tuple: z.tuple([z.string(), z.number()]),
      textOrNumber: z.union([z.string(), z.number().int()]),
      anything: z.unknown(),
      nothing: z.null(),
      noMembers: z.object({}),
      date: z.date(),
      dateOrNull: z.date().nullable(),
      coerced: z.coerce.date(),
      day: z.iso.date(),
      dates: z.array(z.date()),
    }),
    examples: [{ id: "more", name: "More than is named", payload: example() }],
  }),
  run: (payload) => payload,
});

function example() {
  return {
    shape: { kind: "circle" as const, radius: 1 },
    record: {},
    tuple: ["a", 1] as [string, number],
    textOrNumber: 5,
    anything: [1],
    nothing: null,
    noMembers: {},
    date: new Date(0),
    dateOrNull: null,
    coerced: "2026-01-31T12:00:00.000Z",
    day: "2026-01-31",
    dates: [],
    since: new Date(5),
    many: ["x"],
  };
}
