import { expectTypeOf } from "vitest";
import { z } from "zod";
import {
  type AnyJob,
  BeckonClient,
  type ErrorOf,
  type InputOf,
  invokeTrigger,
  JobError,
  type OutputOf,
  type PayloadOf,
  type Run,
  type RunResult,
} from "./index.ts";
import type { BeckonError } from "./run-result.ts";

const client = new BeckonClient({ id: "acme" });

const book = client.defineJob({
  id: "book",
  name: "Book",
  version: "1.0.0",
  trigger: invokeTrigger({
    schema: z.object({ seat: z.string(), at: z.coerce.date(), tier: z.enum(["a", "b"]).default("a") }),
  }),
  errors: { SOLD_OUT: z.object({ left: z.number() }), CLOSED: z.object({ until: z.coerce.date() }) },
  run: async ({ seat, at }) => ({ seat, at, guests: new Set([1]) }),
});
const untyped = client.defineJob({
  id: "untyped",
  name: "U",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});
const text = client.defineJob({
  id: "text",
  name: "T",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.string() }),
  run: (payload) => payload.length,
});
const maybe = client.defineJob({
  id: "maybe",
  name: "M",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ n: z.number() }).optional() }),
  run: () => undefined,
});

const either = client.defineJob({
  id: "either",
  name: "E",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.boolean() }),
  run: (isLater) => (isLater ? Promise.resolve(1) : "at once"),
});
const nothing = client.defineJob({
  id: "nothing",
  name: "N",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => {
    await Promise.resolve();
  },
});

type Booked = { seat: string; at: Date; guests: Set<number> };
type SoldOut = { readonly code: "SOLD_OUT"; readonly message: string; readonly data: { left: number } };
type Closed = { readonly code: "CLOSED"; readonly message: string; readonly data: { until: Date } };

// B2 The argument is the schema's input; defaults may be left out.
expectTypeOf<InputOf<typeof book>>().toEqualTypeOf<{ seat: string; at: unknown; tier?: "a" | "b" | undefined }>();
expectTypeOf<PayloadOf<typeof book>>().toEqualTypeOf<{ seat: string; at: Date; tier: "a" | "b" }>();
expectTypeOf<OutputOf<typeof book>>().toEqualTypeOf<Booked>();
expectTypeOf<OutputOf<typeof text>>().toEqualTypeOf<number>();
expectTypeOf<OutputOf<typeof maybe>>().toEqualTypeOf<undefined>();
expectTypeOf<OutputOf<typeof either>>().toEqualTypeOf<number | "at once">();
expectTypeOf<OutputOf<typeof nothing>>().toEqualTypeOf<void>();
expectTypeOf<typeof book.invoke>().parameter(0).toEqualTypeOf<InputOf<typeof book>>();

// B3 What does not fit is refused.
// @ts-expect-error There is no tier "c".
await book.invoke({ seat: "7A", at: "2026-01-01", tier: "c" });
// @ts-expect-error `seat` is missing.
await book.invoke({ foo: "bar" });
// @ts-expect-error The payload is missing.
await book.invoke();
// @ts-expect-error An unknown option.
await book.invoke({ seat: "7A", at: 1 }, { idempotenceKey: "x" });
// @ts-expect-error `timeout` is of the forms that wait.
await book.invoke({ seat: "7A", at: 1 }, { timeout: "5s" });

// B1 Without a schema everything is accepted, and only there is anything `any`.
await untyped.invoke(new Map([[1n, undefined]]));
await untyped.invoke();
expectTypeOf<InputOf<typeof untyped>>().toBeAny();
expectTypeOf<OutputOf<typeof untyped>>().toEqualTypeOf<number>();
expectTypeOf<ErrorOf<typeof untyped>>().toBeNever();

// B14 A schema need not be that of an object; a payload may be left out where undefined is accepted.
await text.invoke("hello");
await maybe.invoke();
await maybe.invoke({ n: 1 }, { priority: 3 });
await maybe.invoke(undefined, { priority: 3 });
await maybe.batchInvoke([{ payload: undefined }]);

// B4 The output is there once `ok` is known, the data of an error once its code is.
const result = await book.invokeAndWait({ seat: "7A", at: 1 }, { timeout: "5s" });
expectTypeOf(result).toEqualTypeOf<RunResult<Booked, SoldOut | Closed>>();
// @ts-expect-error Not before `ok` is known.
void result.output;
// @ts-expect-error Not before `ok` is known.
void result.error;
if (result.ok) {
  expectTypeOf(result.output).toEqualTypeOf<Booked>();
  expectTypeOf(result.status).toEqualTypeOf<"SUCCESS">();
} else {
  expectTypeOf(result.error).toEqualTypeOf<SoldOut | Closed | BeckonError>();
  expectTypeOf(result.status).toEqualTypeOf<"FAILURE" | "TIMED_OUT" | "CANCELED" | "EXPIRED">();
  // @ts-expect-error Not before the code is known.
  void result.error.data;
  if (result.error.code === "SOLD_OUT") expectTypeOf(result.error.data).toEqualTypeOf<{ left: number }>();
  if (result.error.code === "CLOSED") expectTypeOf(result.error.data).toEqualTypeOf<{ until: Date }>();
  if (result.error.code === "INVALID_PAYLOAD") expectTypeOf(result.error.issues).not.toBeAny();
  // @ts-expect-error No such error was declared.
  if (result.error.code === "LOST") throw new Error("never");
}

// A job without declared errors has Beckon's own only.
const plain = await text.invokeAndWait("x");
if (!plain.ok) expectTypeOf(plain.error).toEqualTypeOf<BeckonError>();

// Handles carry the same types everywhere.
expectTypeOf(await book.invoke({ seat: "7A", at: 1 })).toEqualTypeOf<Run<Booked, SoldOut | Closed>>();
expectTypeOf(book.run("run_1")).toEqualTypeOf<Run<Booked, SoldOut | Closed>>();
expectTypeOf(await book.run("run_1").output()).toEqualTypeOf<Booked>();
expectTypeOf(await book.batchInvoke([{ payload: { seat: "7A", at: 1 } }])).toEqualTypeOf<
  Run<Booked, SoldOut | Closed>[]
>();
expectTypeOf(await book.batchInvokeAndWait([])).toEqualTypeOf<RunResult<Booked, SoldOut | Closed>[]>();
// @ts-expect-error A number is no seat, in a batch neither.
await book.batchInvoke([{ payload: { seat: 7, at: 1 } }]);
for await (const event of book.run("run_1").events()) {
  expectTypeOf(event).not.toBeAny();
  if (event.type === "status-record") expectTypeOf(event.record.data).toBeUnknown();
}
const caught: unknown = new Error("x");
if (caught instanceof JobError) {
  expectTypeOf(caught.code).toBeString();
  expectTypeOf(caught.error).not.toBeAny();
}

// Every optional option may be given as undefined.
await book.invokeAndWait(
  { seat: "7A", at: 1, tier: undefined },
  {
    key: undefined,
    idempotencyKey: undefined,
    idempotencyKeyTTL: undefined,
    detached: undefined,
    context: undefined,
    accountId: undefined,
    callbackUrl: undefined,
    delay: undefined,
    ttl: undefined,
    priority: undefined,
    tags: undefined,
    concurrencyKey: undefined,
    maxDuration: undefined,
    isTest: undefined,
    timeout: undefined,
  },
);
await book.invoke({ seat: "7A", at: 1 }, undefined);
await book.run("run_1").result({ timeout: undefined });
book.run("run_1").events({ after: undefined, signal: undefined });
await book.batchInvokeAndWait([{ payload: { seat: "7A", at: 1 }, options: undefined }], { timeout: undefined });

// Jobs of any types go into one record.
({ book, untyped, text, maybe }) satisfies Record<string, AnyJob>;
const record: Record<string, AnyJob> = { book, untyped, text, maybe };
void record;

// A job that invokes itself says what its `run` returns: TypeScript cannot infer a value's type from itself (TS7022).
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
