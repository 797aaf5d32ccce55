import type { StandardSchemaV1 } from "@standard-schema/spec";

/**
 * Any Standard Schema: zod, valibot, arktype and others. `Input` is what a caller sends, `Payload` what
 * the schema makes of it.
 */
export type Schema<Input = unknown, Payload = Input> = StandardSchemaV1<Input, Payload>;

/** Any schema at all, and where none is given the one that accepts and gives anything: then a payload is `any`. */
// oxlint-disable-next-line typescript/no-explicit-any -- the contract gives a job without a schema a payload of any.
export type AnySchema = Schema<any, any>;

/** What a caller may send to a schema. */
export type InputOfSchema<S extends AnySchema> = StandardSchemaV1.InferInput<S>;

/** What a schema makes of its input. */
export type OutputOfSchema<S extends AnySchema> = StandardSchemaV1.InferOutput<S>;

/** One thing wrong with a value, and where: `path` is empty for the value as a whole. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Parsed<Payload> =
  | { readonly ok: true; readonly value: Payload }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/**
 * Runs a schema over an unknown value; a job without a schema takes every value as it is. A promise comes
 * back only where the schema itself is asynchronous: every invoke of the others saves a turn.
 */
export function parseWith(schema: Schema | undefined, value: unknown): Parsed<unknown> | Promise<Parsed<unknown>> {
  if (schema === undefined) return { ok: true, value };
  const validated = schema["~standard"].validate(value);
  return validated instanceof Promise
    ? validated.then((result) => toParsed(result, value))
    : toParsed(validated, value);
}

/** What a schema threw over a value, told as an issue of the value as a whole. */
export function toRefusal(thrown: unknown, value: unknown): Parsed<unknown> {
  const message = thrown instanceof Error ? thrown.message : describeValue(thrown);
  return { ok: false, issues: [toIssue({ message }, value)] };
}

function toParsed(result: StandardSchemaV1.Result<unknown>, received: unknown): Parsed<unknown> {
  if (result.issues === undefined) return { ok: true, value: result.value };
  return { ok: false, issues: result.issues.map((issue) => toIssue(issue, received)) };
}

function toIssue(issue: StandardSchemaV1.Issue, value: unknown): Issue {
  const path = (issue.path ?? []).map((segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "number" ? key : String(key);
  });
  return { path, message: withReceived(issue.message, valueAt(value, path)) };
}

/** Schema libraries differ in whether they tell what arrived; a reader of the message always needs it. */
function withReceived(message: string, received: unknown): string {
  return /received/i.test(message) ? message : `${message}, received ${describeValue(received)}`;
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== "object" || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** A short text for a value in a message: primitives as they are, the rest by their kind. */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "bigint") return `${value}n`;
  if (value === null || typeof value !== "object") return typeof value === "function" ? "a function" : String(value);
  const name = nameOfClass(value);
  if (Array.isArray(value) && name === "Array") return `an array of ${value.length}`;
  if (name === "Object") return "an object";
  return /^[AEIOU]/.test(name) ? `an ${name}` : `a ${name}`;
}

/** A value may say what it likes about its constructor. */
function nameOfClass(value: object): string {
  const constructor: unknown = Reflect.get(value, "constructor");
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "Object";
}

/** Writes issues as `payload.user.id: message; …` for people. */
export function formatIssues(issues: readonly Issue[], root: string): string {
  return issues.map((issue) => `${formatPath(issue.path, root)}: ${issue.message}`).join("; ");
}

/** Writes a path as JavaScript would: `payload.items[2].name`, or below an empty root `items[2].name`. */
export function formatPath(path: readonly (string | number)[], root: string): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number" || /^\d+$/.test(key)) return `${text}[${key}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === "" ? key : `${text}.${key}`;
  }, root);
}
