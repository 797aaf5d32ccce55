import { createContext, runInContext } from "node:vm";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { BeckonError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** A job that throws what it is told to. */
function defineThrower(thrown: () => unknown) {
  return client.defineJob({
    id: "thrower",
    name: "Thrower",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (): Promise<string> => {
      throw thrown();
    },
  });
}

type Uncaught = Extract<BeckonError, { readonly code: "UNCAUGHT" }>;

/** The error that callers are told when `run` throws this. */
async function errorOf(thrown: () => unknown): Promise<Uncaught> {
  const thrower = defineThrower(thrown);
  await using _ = await startWorld([thrower]);
  const result = await (await thrower.invoke({})).result();
  if (result.ok || result.error.code !== "UNCAUGHT") throw new Error(`It ended ${result.status}.`);
  expect(result.status).toBe("FAILURE");
  return result.error;
}

function refuse(): never {
  throw new Error("Do not look.");
}

class CardDeclined extends RangeError {
  override readonly name = "CardDeclined";
  readonly reason = "limit";
}

test("B49 an error keeps its name, message and stack", async () => {
  const error = new CardDeclined("The card was declined.");
  expect(await errorOf(() => error)).toEqual({
    code: "UNCAUGHT",
    name: "CardDeclined",
    message: "The card was declined.",
    stack: error.stack,
  });
  expect(error.stack).toContain("errors.test.ts");
});

test("B49 an error without a stack or a message stays so", async () => {
  const bare = new Error("");
  delete bare.stack;
  expect(await errorOf(() => bare)).toEqual({ code: "UNCAUGHT", name: "Error", message: "" });
});

test("B49 an error keeps its cause, and the cause its own", async () => {
  const root = new TypeError("root");
  const middle = new Error("middle", { cause: root });
  const error = await errorOf(() => new Error("outer", { cause: middle }));
  expect(error).toMatchObject({ name: "Error", message: "outer" });
  expect(error.cause).toMatchObject({
    name: "Error",
    message: "middle",
    stack: middle.stack,
    cause: { name: "TypeError", message: "root", stack: root.stack },
  });
});

test("B49 a cause may be any value that can be kept, and else its text", async () => {
  const causes: readonly (readonly [unknown, unknown])[] = [
    ["a text", "a text"],
    [null, null],
    [0, 0],
    [
      { status: 503, at: new Date(5) },
      { status: 503, at: new Date(5) },
    ],
    [refuse, "[Function: refuse]"],
    [Symbol("a symbol"), "Symbol(a symbol)"],
  ];
  for (const [cause, kept] of causes) {
    expect((await errorOf(() => new Error("outer", { cause }))).cause).toEqual(kept);
  }
  expect(await errorOf(() => new Error("outer"))).not.toHaveProperty("cause");
});

test("B49 causes in a circle end somewhere", async () => {
  const one = new Error("one");
  const two = new Error("two", { cause: one });
  one.cause = two;
  expect(await errorOf(() => one)).toMatchObject({
    message: "one",
    cause: { message: "two", cause: { message: "one" } },
  });
});

test("B49 a thrown value that is no Error is kept as text", async () => {
  const texts: readonly (readonly [unknown, string])[] = [
    ["a text", "a text"],
    ["", ""],
    [undefined, "undefined"],
    [null, "null"],
    [42, "42"],
    [Number.NaN, "NaN"],
    [-0, "-0"],
    [10n, "10n"],
    [true, "true"],
    [{ code: 404, message: "not found" }, '{"code":404,"message":"not found"}'],
    [[1, "two"], '[1,"two"]'],
    [Symbol("lost"), "Symbol(lost)"],
    [refuse, "[Function: refuse]"],
    [new Map([["a", 1]]), "Map(1) { 'a' => 1 }"],
    [new Date(0), "1970-01-01T00:00:00.000Z"],
    [Object.create(null), "{}"],
    [{ close: refuse, name: "socket" }, "{ close: [Function: refuse], name: 'socket' }"],
  ];
  for (const [thrown, text] of texts) {
    const error = await errorOf(() => thrown);
    expect(error.name).toBe("Error");
    expect(error.message).toBe(text);
    expect(error).not.toHaveProperty("stack");
  }
});

test("B49 a thrown value that resists being read still ends its run", async () => {
  const hostile = [
    { toString: refuse, toJSON: refuse, [Symbol.toPrimitive]: refuse, close: refuse },
    Object.defineProperty({}, "secret", { enumerable: true, get: refuse }),
    Object.defineProperty(new Error("unread"), "message", { get: refuse }),
    Object.defineProperty(new Error("unread"), "cause", { enumerable: true, get: refuse }),
    Object.assign(new Error("odd"), { name: 5, message: { no: "text" }, stack: 7 }),
    new Proxy({}, { get: refuse, getPrototypeOf: refuse, ownKeys: refuse }),
  ];
  for (const thrown of hostile) {
    const error = await errorOf(() => thrown);
    expect([typeof error.name, typeof error.message]).toEqual(["string", "string"]);
  }
});

test("B49 an error of another realm is an Error", async () => {
  const foreign: unknown = runInContext('new RangeError("from afar")', createContext({}));
  expect(foreign instanceof Error).toBe(false);
  expect(await errorOf(() => foreign)).toMatchObject({
    name: "RangeError",
    message: "from afar",
    stack: expect.stringContaining("from afar"),
  });
});

test("B49 an error of very deep details is told without them", async () => {
  let deep: object = {};
  for (let level = 0; level < 499; level += 1) deep = { deep };
  const error = await errorOf(() => new Error("deep", { cause: deep }));
  expect(error.message).toBe("deep");
});

test("B49 an output that cannot be kept fails the run and names the path", async () => {
  const leaky = client.defineJob({
    id: "leaky",
    name: "Leaky",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => ({ rows: [{ close: () => undefined }] }),
  });
  await using _ = await startWorld([leaky]);
  expect(await (await leaky.invoke({})).result()).toMatchObject({
    ok: false,
    status: "FAILURE",
    error: {
      code: "UNCAUGHT",
      message: expect.stringContaining('The output of job "leaky".rows[0].close is a function'),
    },
  });
});

const buy = client.defineJob({
  id: "buy",
  name: "Buy",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.enum(["plain", "spoken", "parsed", "bad data", "no data", "in a task", "rethrown"]),
  }),
  errors: { DECLINED: z.object({ at: z.coerce.date() }), GONE: z.undefined() },
  run: async (how, io, ctx): Promise<string> => {
    const at = new Date(5);
    if (how === "plain") throw ctx.errors.DECLINED({ at });
    if (how === "spoken") throw ctx.errors.DECLINED({ at }, "No money left.");
    if (how === "parsed") throw ctx.errors.DECLINED({ at: "2026-01-01" });
    if (how === "bad data") throw ctx.errors.DECLINED({ at: "never" });
    if (how === "no data") throw ctx.errors.GONE(undefined);
    const task = io.runTask("pay", () => {
      throw ctx.errors.DECLINED({ at });
    });
    if (how === "in a task") return task;
    return task.catch(async (error: unknown) => {
      await io.wait("pause", 1);
      throw error;
    });
  },
});

test("B49 a declared error keeps its code, message and data, as its schema makes them", async () => {
  await using world = await startWorld([buy]);
  const declined = { code: "DECLINED", message: "DECLINED", data: { at: new Date(5) } };
  const errors: readonly (readonly [Parameters<typeof buy.invoke>[0], unknown])[] = [
    ["plain", declined],
    ["spoken", { ...declined, message: "No money left." }],
    ["parsed", { ...declined, data: { at: new Date("2026-01-01") } }],
    ["no data", { code: "GONE", message: "GONE", data: undefined }],
    ["in a task", declined],
    ["rethrown", declined],
  ];
  for (const [how, error] of errors) {
    const run = await buy.invoke(how);
    await world.clock.advance(1_000);
    expect(await run.result()).toMatchObject({ ok: false, status: "FAILURE", error });
    await expect(run.output()).rejects.toMatchObject({
      name: "JobError",
      code: (error as { code: string }).code,
      error,
    });
  }
});

test("B49 a declared error whose data its schema refuses is told as that", async () => {
  await using _ = await startWorld([buy]);
  expect(await (await buy.invoke("bad data")).result()).toMatchObject({
    ok: false,
    error: { code: "UNCAUGHT", message: expect.stringMatching(/"buy" threw DECLINED with data.*data\.at/) },
  });
});

test("B49 a run that fails by a run of whose output it asked tells which that is, and what it failed by", async () => {
  const shop = client.defineJob({
    id: "shop",
    name: "Shop",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => (await buy.invoke("spoken")).output(),
  });
  const mall = client.defineJob({
    id: "mall",
    name: "Mall",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (id: string) => shop.run(id).output(),
  });
  await using world = await startWorld([buy, shop, mall]);
  const made = await shop.invoke();
  const failed = { name: "JobError", message: "No money left." };
  const [result, above] = [await made.result(), await (await mall.invoke(made.id)).result()];
  const { runs } = await world.engine.listRuns({ job: "buy" });
  expect(result).toMatchObject({ error: { ...failed, cause: { runId: runs[0]?.id, code: "DECLINED" } } });
  expect(above).toMatchObject({ error: { ...failed, cause: { runId: made.id, code: "UNCAUGHT" } } });
});
