import { BeckonClient, invokeTrigger } from "@beckon/core";
import { decode, encode } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { startTestRouter } from "./testing/test-router.ts";

const client = new BeckonClient({ id: "tests" });
const book = client.defineJob({
  id: "book",
  name: "Book",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({
      seat: z.string().min(2),
      on: z.coerce.date(),
      until: z.date().optional(),
      miles: z.bigint().optional(),
      tier: z.enum(["a", "b"]).default("a"),
    }),
    examples: [{ id: "window", name: "Window seat", payload: { seat: "7A", on: "2026-01-01" }, icon: "plane" }],
  }),
  errors: { SOLD_OUT: z.object({ left: z.number() }) },
  retry: {},
  ttl: "1h",
  run: async ({ seat }) => seat,
});
const plain = client.defineJob({
  id: "plain",
  name: "Plain",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});
const exports = { book, alias: book, plain };

test("catalog.list shows each job once with the names it is called by", async () => {
  await using world = await startTestRouter(exports);
  expect(await world.caller.catalog.list()).toMatchObject([
    { id: "book", exportNames: ["book", "alias"], version: "1.0.0", isPaused: false },
    { id: "plain", exportNames: ["plain"] },
  ]);
});

test("catalog.get shows what a caller may send as JSON Schema, with the examples", async () => {
  await using world = await startTestRouter(exports);
  const { jobs, catalog } = world.caller;
  await jobs.book.invoke({ payload: { seat: "7A", on: "2026-01-01" } });
  const detail = await catalog.get({ id: "book" });
  expect(detail.inputSchema).toMatchObject({
    type: "object",
    required: ["seat", "on"],
    properties: {
      seat: { type: "string", minLength: 2 },
      on: { type: "string", format: "date-time" },
      until: { "x-beckon-type": "date" },
      miles: { "x-beckon-type": "bigint" },
      tier: { enum: ["a", "b"], default: "a" },
    },
  });
  expect(detail).toMatchObject({
    errorSchemas: { SOLD_OUT: { properties: { left: { type: "number" } } } },
    examples: [{ id: "window", payload: { seat: "7A", on: "2026-01-01" }, icon: "plane" }],
    retry: { limit: 5, factor: 1.8 },
    hooks: [],
    ttlMs: 3_600_000,
    recentRuns: [{ job: { id: "book" } }],
  });
  expect((await catalog.get({ id: "plain" })).inputSchema).toEqual({});
});

test("what catalog.get gives can cross a wire: nothing in it is hidden or a function", async () => {
  await using world = await startTestRouter(exports);
  const detail = await world.caller.catalog.get({ id: "book" });
  expect(decode(encode(detail, "output"))).toEqual(detail);
});

test("catalog.get of an unknown job is NOT_FOUND", async () => {
  await using world = await startTestRouter(exports);
  await expect(world.caller.catalog.get({ id: "none" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a paused job's runs wait until it is resumed", async () => {
  await using world = await startTestRouter(exports);
  const { jobs, runs, catalog } = world.caller;
  await catalog.pause({ id: "plain" });
  const { id } = await jobs.plain.invoke({ payload: undefined });
  await world.clock.tick();
  expect(await runs.explain({ id })).toMatchObject({ reasons: [{ kind: "paused" }, { kind: "queued" }] });
  await catalog.resume({ id: "plain" });
  expect(await runs.result({ id })).toMatchObject({ output: 1 });
});
