import { createJobsClient } from "@beckon/client";
import { BeckonClient, type InputOf, invokeTrigger, type OutputOf, type PayloadOf } from "@beckon/core";
import { startTestServer } from "@beckon/server/testing";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";

/* What the compiler says and what happens are asserted side by side, so that neither can change alone. */

const client = new BeckonClient({ id: "tests" });
const common = { name: "A job", version: "1.0.0" };

const untyped = client.defineJob({
  ...common,
  id: "untyped",
  trigger: invokeTrigger(),
  run: async (payload) => {
    expectTypeOf(payload).toBeAny();
    return { received: payload as unknown };
  },
});

const order = client.defineJob({
  ...common,
  id: "order",
  trigger: invokeTrigger({
    schema: z.object({
      at: z.coerce.date(),
      pieces: z.number().default(3),
      name: z.string().transform((text) => text.length),
    }),
  }),
  errors: { SOLD_OUT: z.object({ left: z.number() }) },
  run: async (payload, _io, ctx) => {
    expectTypeOf(payload).toEqualTypeOf<{ at: Date; pieces: number; name: number }>();
    if (payload.pieces > 9) throw ctx.errors.SOLD_OUT({ left: 9 });
    return payload;
  },
});

const jobs = { untyped, order };

test("B1 a job without a schema takes any value that can be stored, and its payload is any", async () => {
  expectTypeOf<InputOf<typeof untyped>>().toBeAny();
  expectTypeOf<PayloadOf<typeof untyped>>().toBeAny();
  expectTypeOf<OutputOf<typeof untyped>>().toEqualTypeOf<{ received: unknown }>();
  await using server = await startTestServer({ jobs });
  for (const value of [undefined, null, "text", 5n, [new Date(1)], new Map([["a", new Set([1])]])]) {
    expect(await (await server.jobs.untyped.invoke(value)).output()).toStrictEqual({ received: value });
  }
  await expect(server.jobs.untyped.invoke({ send: () => 1 })).rejects.toThrow("payload.send is a function");
});

test("B2 a caller sends what the schema takes, and run receives what it makes", async () => {
  expectTypeOf<InputOf<typeof order>>().toEqualTypeOf<{ at: unknown; pieces?: number | undefined; name: string }>();
  expectTypeOf<PayloadOf<typeof order>>().toEqualTypeOf<{ at: Date; pieces: number; name: number }>();
  await using server = await startTestServer({ jobs });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  for (const job of [server.jobs.order, beckon.order]) {
    const result = await job.invokeAndWait({ at: "2026-01-01", name: "four" });
    expect(result.ok && result.output).toEqual({ at: new Date("2026-01-01"), pieces: 3, name: 4 });
    expect(result.invocation.payload).toEqual({ at: "2026-01-01", name: "four" });
  }
});

test("B4 the output is there once ok is known, a declared error's data once its code is", async () => {
  await using server = await startTestServer({ jobs });
  const beckon = createJobsClient<typeof jobs>({ url: server.url });
  const result = await beckon.order.invokeAndWait({ at: 0, pieces: 10, name: "x" });
  // @ts-expect-error Not before `ok` is known.
  expect(result.output).toBeUndefined();
  if (result.ok) throw new Error("Ten pieces are too many.");
  // @ts-expect-error Not before the code is known.
  expect(result.error.data).toEqual({ left: 9 });
  if (result.error.code !== "SOLD_OUT") throw new Error("They are sold out.");
  expectTypeOf(result.error.data).toEqualTypeOf<{ left: number }>();
  expect(result.error.data.left).toBe(9);
});
