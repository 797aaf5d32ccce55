import type { InvokeOptions } from "@beckon/core";
import type { RunListQuery } from "@beckon/core/runtime";
import { z } from "zod";

/*
 * The shapes of what procedures take. Payloads are not looked into here: the birth of a run parses them,
 * whatever door they came through. So does it check what an option says; here only its kind is.
 */

/** An object that refuses what it does not know by name, and tells what it knows. */
function exactly<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const unknown = issue.keys.map((key) => JSON.stringify(key)).join(", ");
      const hint = isBarePayload(issue.input, shape) ? `; a payload goes inside: { "payload": { … } }` : "";
      return `received the unknown ${unknown}; known are ${known}${hint}`;
    },
  });
}

/** Whoever sends a payload as it is has left out what goes around it. */
function isBarePayload(input: unknown, shape: z.ZodRawShape): boolean {
  return (
    "payload" in shape && typeof input === "object" && input !== null && Reflect.get(input, "payload") === undefined
  );
}

/** How long an answer waits for the end of a run: below the half minute after which proxies give up. */
export const RESULT_WAIT_MS = 25_000;

const duration = z.union([z.number(), z.string()], 'expected a number of seconds or a text such as "30s"');
const text = z.string();

/** Every option has its line: one that is missing here does not compile, so that no option is dropped on the way. */
const invokeOptionFields = {
  key: z.union([text, z.array(z.unknown())], "expected a text or a list"),
  idempotencyKey: z.union([text, z.array(text)], "expected a text or a list of texts"),
  idempotencyKeyTTL: duration,
  detached: z.boolean(),
  context: z.unknown(),
  accountId: text,
  callbackUrl: text,
  delay: z.union([z.number(), z.string(), z.date()], 'expected a number of seconds, a text such as "30s" or a date'),
  ttl: duration,
  priority: z.number(),
  tags: z.array(text),
  concurrencyKey: text,
  maxDuration: duration,
  isTest: z.boolean(),
} satisfies Record<keyof InvokeOptions, z.ZodType>;

/** The options of an invocation, without what only an in-process caller can mean. */
export const invokeOptions = exactly(invokeOptionFields).partial();

/** Unknown ones are let through: the birth of the run refuses them by name, as from every other door. */
const givenOptions = invokeOptions.loose().optional();

const requestId = z.string().min(8).max(256).optional();

export const invokeInput = exactly({
  payload: z.unknown().optional(),
  options: givenOptions,
  requestId,
});

/** Answer earlier than after the usual 25 s. */
const timeoutMs = z.number().min(0).max(RESULT_WAIT_MS).optional();

export const invokeAndWaitInput = exactly({ ...invokeInput.shape, timeoutMs });

export const batchInput = exactly({
  items: z.array(exactly({ payload: z.unknown().optional(), options: givenOptions })),
  requestId,
});

export const runInput = exactly({ id: text });

export const resultInput = exactly({ id: text, timeoutMs });

export const replayInput = exactly({ id: text, payload: z.unknown().optional() });

export const eventsInput = exactly({
  id: text,
  /** The `seq` of the last event seen. */
  after: z.number().int().min(0).optional(),
  /** The same, as tRPC sends it after a dropped connection. */
  lastEventId: z.string().regex(/^\d+$/).nullish(),
});

export const followInput = exactly({
  runs: z.array(exactly({ id: text, after: z.number().int().min(0).optional() })).max(10_000),
});

export const tasksInput = exactly({ id: text, taskIds: z.array(text).max(1_000).optional() });

export const logsInput = exactly({
  id: text,
  after: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(1_000).optional(),
});

export const signalInput = exactly({ name: text.min(1), id: text.optional(), payload: z.unknown().optional() });

export const jobInput = exactly({ id: text });

const listFields = {
  job: text,
  status: z.union([text, z.array(text)], "expected a status or a list of them"),
  tag: text,
  version: text,
  isTest: z.boolean(),
  from: z.date(),
  to: z.date(),
  parent: text,
  accountId: text,
  search: text,
  cursor: text,
  limit: z.number().int().min(1).max(100),
} satisfies Record<keyof RunListQuery, z.ZodType>;

export const listInput = exactly(listFields).partial().optional();
