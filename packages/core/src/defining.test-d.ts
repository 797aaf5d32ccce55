import { expectTypeOf } from "vitest";
import { z } from "zod";
import { BeckonClient, type IO, invokeTrigger, type OutputOf, type RunContext } from "./index.ts";

const client = new BeckonClient({ id: "acme" });

/** The parts of a definition that these tests say nothing about. */
const common = { id: "a-job", name: "A job", version: "1.0.0" };

// B3 The seed page's job compiles as it stands.
export const exampleJob = client.defineJob({
  id: "example-job",
  name: "Example job",
  version: "1.0.1",
  trigger: invokeTrigger({
    schema: z.object({
      userId: z.string(),
      tier: z.union([z.literal("free"), z.literal("pro")]),
    }),
    examples: [
      {
        id: "issue.opened",
        name: "Issue opened",
        payload: {
          userId: "1234",
          tier: "free",
        },
        //optional
        icon: "github",
      },
    ],
  }),
  run: async (payload, io, ctx) => {
    expectTypeOf(payload).toEqualTypeOf<{ userId: string; tier: "free" | "pro" }>();
    expectTypeOf(io).toEqualTypeOf<IO>();
    expectTypeOf(ctx).toEqualTypeOf<RunContext>();
  },
});

// B1 Without options the payload is any.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  run: async (payload) => expectTypeOf(payload).toBeAny(),
});
client.defineJob({
  ...common,
  trigger: invokeTrigger({ examples: [{ id: "a", name: "A", payload: { any: "thing" } }] }),
  run: async (payload) => expectTypeOf(payload).toBeAny(),
});

// B2 `run` receives what the schema makes.
client.defineJob({
  ...common,
  trigger: invokeTrigger({
    schema: z.object({ at: z.coerce.date(), n: z.number().default(3), s: z.string().transform((text) => text.length) }),
  }),
  run: async (payload) => expectTypeOf(payload).toEqualTypeOf<{ at: Date; n: number; s: number }>(),
});

// B8 An example has the schema's input, and is refused at the field.
client.defineJob({
  ...common,
  trigger: invokeTrigger({
    schema: z.object({ at: z.coerce.date(), n: z.number().default(3) }),
    examples: [
      { id: "a", name: "What a caller may send", payload: { at: "2026-01-01" } },
      {
        id: "b",
        name: "B",
        payload: {
          at: "2026-01-01",
          // @ts-expect-error A text is no number.
          n: "3",
        },
      },
      // @ts-expect-error `at` is missing.
      { id: "c", name: "C", payload: {} },
    ],
  }),
  run: async () => undefined,
});

// Declared errors are made by `ctx.errors`, from what their schemas take.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  errors: { CARD_DECLINED: z.object({ reason: z.string(), at: z.coerce.date() }), GONE: z.undefined() },
  run: async (_payload, _io, ctx) => {
    expectTypeOf(ctx.errors).not.toBeAny();
    expectTypeOf(ctx.errors.CARD_DECLINED).parameter(0).toEqualTypeOf<{ reason: string; at: unknown }>();
    void ctx.errors.GONE(undefined);
    // @ts-expect-error `reason` is a text.
    void ctx.errors.CARD_DECLINED({ reason: 5, at: "2026-01-01" });
    // @ts-expect-error No such error was declared.
    void ctx.errors.CARD_LOST;
  },
});

// They are those of `errors`, whatever a `run` that was written apart hopes for.
declare function charge(payload: unknown, io: IO, ctx: RunContext<{ DECLINED: z.ZodString }>): Promise<number>;
client.defineJob({ ...common, trigger: invokeTrigger(), errors: { DECLINED: z.string() }, run: charge });
// @ts-expect-error No errors were declared.
client.defineJob({ ...common, trigger: invokeTrigger(), run: charge });
// @ts-expect-error This one was not.
client.defineJob({ ...common, trigger: invokeTrigger(), errors: { OTHER: z.string() }, run: charge });

// Without declared errors there is nothing to make.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  run: async (_payload, _io, ctx) => expectTypeOf<keyof typeof ctx.errors>().toBeNever(),
});

// A code of Beckon's own is refused at the field, in words.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  errors: {
    FINE: z.string(),
    // @ts-expect-error "This code is Beckon's own: choose another name."
    UNCAUGHT: z.string(),
  },
  run: async () => undefined,
});

// So is an index signature, on which callers could not narrow.
declare const anyErrors: Record<string, z.ZodString>;
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  // @ts-expect-error "Declare each error code by name: an index signature cannot be narrowed on."
  errors: anyErrors,
  run: async () => undefined,
});

// What is no schema is refused at the field.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  errors: {
    // @ts-expect-error An object is no schema.
    FINE: { reason: "text" },
  },
  run: async () => undefined,
});

// Hooks see what came of the run.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  errors: { GONE: z.object({ at: z.date() }) },
  run: async () => ({ total: 3 }),
  onSuccess: ({ result }) => {
    expectTypeOf(result.output).toEqualTypeOf<{ total: number }>();
  },
  onFailure: ({ result }) => {
    if (result.error.code === "GONE") expectTypeOf(result.error.data).toEqualTypeOf<{ at: Date }>();
  },
});

// What is awaited need be no Promise: query builders are none.
declare function select(table: string): PromiseLike<{ rows: string[] }> & { where(condition: string): unknown };
const queried = client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.string() }),
  run: (table) => select(table),
  onSuccess: ({ result }) => {
    expectTypeOf(result.output).toEqualTypeOf<{ rows: string[] }>();
  },
});
expectTypeOf<OutputOf<typeof queried>>().toEqualTypeOf<{ rows: string[] }>();

// What is told somebody may give anything, such as the promise of a run.
client.defineJob({
  ...common,
  trigger: invokeTrigger(),
  run: async (_payload, io) => io.waitForRequest("answer", (url) => exampleJob.invoke({ userId: url, tier: "free" })),
  onSuccess: ({ run }) => exampleJob.invoke({ userId: run.id, tier: "free" }),
  onFailure: () => exampleJob.invoke({ userId: "ops", tier: "free" }),
});

// A hook of successes that stands before `run` would make the output unknown, for all callers.
client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
  // @ts-expect-error "Write onSuccess behind run: before it, what run returns is not known yet."
  onSuccess: ({ result }) => void result.id,
  run: async ({ name }) => ({ length: name.length }),
});

// One of failures may stand there, and so may both where `run` has no parameters, or is written apart.
declare function count(payload: { name: string }): Promise<{ total: number }>;
const counted = client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
  onSuccess: ({ result }) => {
    expectTypeOf(result.output).toEqualTypeOf<{ total: number }>();
  },
  onFailure: ({ result }) => void result.error.code,
  run: count,
});
expectTypeOf<OutputOf<typeof counted>>().toEqualTypeOf<{ total: number }>();
const failing = client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
  onFailure: ({ result }) => void result.error.code,
  run: async ({ name }) => ({ length: name.length }),
});
expectTypeOf<OutputOf<typeof failing>>().toEqualTypeOf<{ length: number }>();

// What `run` gives may be any, or unknown.
client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.string() }),
  run: (text) => JSON.parse(text),
  onSuccess: ({ result }) => void expectTypeOf(result.output).toBeAny(),
});
client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.string() }),
  run: async (text): Promise<unknown> => JSON.parse(text),
  onSuccess: ({ result }) => void expectTypeOf(result.output).toBeUnknown(),
});

// Options that are no durations, and options that do not exist, are refused at the field.
// @ts-expect-error "soon" is no duration.
client.defineJob({ ...common, trigger: invokeTrigger(), run: async () => 1, ttl: "soon" });
// @ts-expect-error There is no such option.
client.defineJob({ ...common, trigger: invokeTrigger(), run: async () => 1, timeout: "5s" });

// Every optional option may be given as undefined.
client.defineJob({
  ...common,
  trigger: invokeTrigger({ schema: z.string(), examples: undefined }),
  errors: undefined,
  enabled: undefined,
  retry: {
    limit: undefined,
    factor: undefined,
    minTimeoutInMs: undefined,
    maxTimeoutInMs: undefined,
    randomize: undefined,
  },
  maxDuration: undefined,
  ttl: undefined,
  concurrencyLimit: undefined,
  logLevel: undefined,
  onSuccess: undefined,
  onFailure: undefined,
  run: async (payload, io) => {
    expectTypeOf(payload).toBeString();
    await io.runTask("a", () => 1, {
      name: undefined,
      icon: undefined,
      description: undefined,
      params: undefined,
      properties: undefined,
      retry: undefined,
      timeout: undefined,
      redact: undefined,
    });
    await io.waitForRequest("b", () => undefined, { timeout: undefined });
    await io.waitForSignal("c", "paid", { id: undefined, timeout: undefined });
    await io.createStatus("d", { label: "D", state: undefined, data: undefined });
    await io.random("e", { min: undefined, max: undefined, round: undefined });
  },
});
invokeTrigger({ schema: undefined, examples: undefined });
