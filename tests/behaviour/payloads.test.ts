import { BeckonClient, InvalidPayloadError, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** Executes three times, twice by replay and once after a crash, and tells each time what it was given. */
function defineWitness<Input, Payload>(schema: z.ZodType<Payload, Input>, seen: unknown[]) {
  return client.defineJob({
    id: "witness",
    name: "Witness",
    version: "1.0.0",
    trigger: invokeTrigger({ schema }),
    run: async (payload, io) => {
      seen.push(structuredClone(payload));
      await io.wait("first", "1h");
      await io.wait("second", "1h");
      return payload;
    },
  });
}

/** What `run` was given at each of three executions, and the output. */
async function watch<Input, Payload>(
  schema: z.ZodType<Payload, Input>,
  input: Input,
): Promise<{ readonly seen: readonly unknown[]; readonly output: Payload }> {
  const seen: unknown[] = [];
  const job = defineWitness(schema, seen);
  await using world = await startWorld([job]);
  const { id } = await job.invoke(...([input] as unknown as Parameters<typeof job.invoke>));
  await world.clock.advance(3_600_000);
  await world.restart();
  await world.clock.advance(3_600_000);
  return { output: await job.run(id).output(), seen };
}

test("B13 a transform is applied exactly once to what run is given, on every replay", async () => {
  const schema = z.object({ text: z.string().transform((text) => `${text}!`), n: z.number().transform((n) => n + 1) });
  const { seen, output } = await watch(schema, { text: "hey", n: 1 });
  expect(seen).toEqual(Array.from({ length: 3 }, () => ({ text: "hey!", n: 2 })));
  expect(output).toEqual({ text: "hey!", n: 2 });
});

test("B13 a default made at the first execution is the same value on every replay", async () => {
  let made = 0;
  const schema = z.object({
    at: z.date().default(() => new Date((made += 1))),
    token: z.string().default(() => `token ${made}`),
  });
  const { seen } = await watch(schema, {});
  expect(seen).toHaveLength(3);
  expect(new Set(seen.map((payload) => JSON.stringify(payload))).size).toBe(1);
  expect(seen[0]).toEqual({ at: expect.any(Date), token: expect.stringMatching(/^token \d$/) });
});

test("B13 the schema is asked once at the call and once at the first execution, and never on replay", async () => {
  for (const change of ["changing", "leaving"]) {
    let asked = 0;
    const schema = z.string().transform((text) => {
      asked += 1;
      return change === "changing" ? `${text}!` : text;
    });
    const { seen } = await watch(schema, "hey");
    expect(seen).toHaveLength(3);
    expect(asked).toBe(2);
  }
});

test("B13 what is kept is what the caller sent", async () => {
  const job = defineWitness(z.object({ n: z.coerce.number(), at: z.coerce.date() }), []);
  await using world = await startWorld([job], { concurrency: 0 });
  const { id } = await job.invoke({ n: "5", at: "2026-01-01" });
  expect((await world.engine.readRun(id)).payload).toEqual({ n: "5", at: "2026-01-01" });
});

test("B13 extra properties follow the schema: stripped, passed through, refused", async () => {
  const input: { a: number; b: number } = { a: 1, b: 2 };
  const stripped = await watch<{ a: number }, { a: number }>(z.object({ a: z.number() }), input);
  expect(stripped.seen).toEqual([{ a: 1 }, { a: 1 }, { a: 1 }]);
  const passed = await watch<{ a: number }, { a: number }>(z.looseObject({ a: z.number() }), input);
  expect(passed.seen).toEqual([input, input, input]);
  const refused = watch<{ a: number }, { a: number }>(z.strictObject({ a: z.number() }), input);
  await expect(refused).rejects.toMatchObject({ code: "INVALID_PAYLOAD" });
});

test("B13 the order of properties is that of the first execution on every replay", async () => {
  const schema = z.object({ a: z.number(), b: z.number() });
  const { seen } = await watch(schema, { b: 2, a: 1 });
  expect(seen.map((payload) => Object.keys(payload as object))).toEqual([
    ["a", "b"],
    ["a", "b"],
    ["a", "b"],
  ]);
});

test("B13 an asynchronous schema is awaited, at the call and at the first execution", async () => {
  const schema = z.string().transform(async (text) => text.length);
  const { seen } = await watch(schema, "four");
  expect(seen).toEqual([4, 4, 4]);
  const picky = z.string().refine(async (text) => text !== "bad", "must not be bad");
  await expect(watch(picky, "bad")).rejects.toMatchObject({
    issues: [{ path: [], message: expect.stringContaining("must not be bad") }],
  });
});

test("B13 a payload of class instances is made again by a schema without chance", async () => {
  class Money {
    readonly cents: number;
    constructor(cents: number) {
      this.cents = cents;
    }
  }
  const seen: Money[] = [];
  const job = client.defineJob({
    id: "pay",
    name: "Pay",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.number().transform((cents) => new Money(cents)) }),
    run: async (money, io) => {
      seen.push(money);
      await io.wait("pause", 1);
      return money.cents;
    },
  });
  await using world = await startWorld([job]);
  const run = await job.invoke(500);
  await world.clock.advance(1_000);
  expect(await run.output()).toBe(500);
  expect(seen.map((money) => money instanceof Money)).toEqual([true, true]);
});

test("B13 what a schema makes is what has been through storage at the first execution, too", async () => {
  const seen: boolean[] = [];
  const file = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));
  const job = client.defineJob({
    id: "upload",
    name: "Upload",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ file }) }),
    run: async (payload, io) => {
      seen.push(Buffer.isBuffer(payload.file));
      await io.wait("pause", 1);
      return payload.file;
    },
  });
  await using world = await startWorld([job]);
  const result = await world.endOf(await job.invoke({ file: new Uint8Array([1, 2]) }));
  expect(result).toMatchObject({ ok: true, output: new Uint8Array([1, 2]) });
  expect(seen).toEqual([false, false]);
});

/** One job, deployed with one schema or another. */
function defineLong(schema: z.ZodType<unknown, { n: number }>) {
  return client.defineJob({
    id: "long",
    name: "Long",
    version: "1.0.0",
    trigger: invokeTrigger({ schema }),
    run: async (payload, io) => {
      await io.wait("pause", 60);
      return payload;
    },
  });
}

test("B13 a schema deployed while the run waited is not asked about what run was given before", async () => {
  const old = defineLong(z.object({ n: z.number() }));
  const strict = defineLong(z.object({ n: z.number().max(3) }));
  await using world = await startWorld([old]);
  const { id } = await old.invoke({ n: 5 });
  await world.clock.tick();
  await world.restart([strict]);
  await world.clock.advance(60_000);
  expect(await strict.run(id).output()).toEqual({ n: 5 });
});

test("B13 a run that never executed ends as INVALID_PAYLOAD when the deployed schema refuses its input", async () => {
  const old = defineLong(z.object({ n: z.number() }));
  await using world = await startWorld([old]);
  const { id } = await old.invoke({ n: 5 }, { delay: 60 });
  const strict = defineLong(z.object({ n: z.number().max(3) }));
  await world.restart([strict]);
  await world.clock.advance(60_000);
  const result = await strict.run(id).result();
  expect(result).toMatchObject({ ok: false, status: "FAILURE" });
  if (result.ok || result.error.code !== "INVALID_PAYLOAD") throw new Error("It was to fail by its payload.");
  expect(result.error.issues).toEqual([{ path: ["n"], message: expect.stringContaining("received 5") }]);
  expect(result.error.message).toMatch(/no longer fits the schema of job "long": payload\.n: .+received 5$/);
});

test("B14 a payload that is too deep is refused in a sentence, also where the schema would follow it down", async () => {
  const job = client.defineJob({
    id: "follows",
    name: "Follows",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ body: z.json() }) }),
    run: async ({ body }) => JSON.stringify(body).length,
  });
  await using _ = await startWorld([job]);
  const body = JSON.parse("[".repeat(50_000) + "]".repeat(50_000)) as z.infer<ReturnType<typeof z.json>>;
  const invoking = job.invoke({ body });
  await expect(invoking).rejects.toBeInstanceOf(InvalidPayloadError);
  await expect(invoking).rejects.toThrow("is nested more than 500 levels deep");
});

test("a parent reads a result that is as deep as a value may be", async () => {
  const deep = Array.from({ length: 500 }).reduce((inner: unknown) => [inner], 1);
  const common = { version: "1.0.0", trigger: invokeTrigger() };
  const child = client.defineJob({ ...common, id: "deep", name: "Deep", run: async (payload: unknown) => payload });
  const parent = client.defineJob({
    ...common,
    id: "parent",
    name: "Parent",
    run: async () =>
      JSON.stringify(await child.invokeAndWait(deep).then((result) => result.ok && result.output)).length,
  });
  await using _ = await startWorld([parent, child]);
  expect(await parent.invokeAndWait({})).toMatchObject({ ok: true, output: 1_001 });
});
