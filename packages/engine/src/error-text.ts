import { decode, DeclaredFailure, encode } from "@beckon/core/runtime";

/**
 * An error as it is kept with a step: enough to be thrown again on replay, in this process or another.
 * Its class is not kept, and so it is not thrown as that class in the first pass either: code that tells
 * errors apart by `name` or `code` sees the same before and after a crash.
 */
export interface StoredError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: unknown;
  /** The own properties of the error that the codec can keep, such as `code` or `status`. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  /** Set for an error made by `ctx.errors`. */
  readonly declared?: { readonly code: string; readonly data: unknown } | undefined;
  /** Set for a thrown value that was no Error. */
  readonly isText?: true | undefined;
}

/** Causes deeper than this are cut off: a cycle of causes must end somewhere. */
const MAX_CAUSES = 5;

/** Reads a thrown value. A value that is no Error is kept as text. */
export function toStoredError(thrown: unknown, depth = 0): StoredError {
  if (!(thrown instanceof Error)) return { name: "Error", message: textOf(thrown), isText: true };
  const { name, message, stack, cause } = thrown;
  return {
    name,
    message,
    ...(typeof stack === "string" ? { stack } : {}),
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : { cause: toStoredCause(cause, depth + 1) }),
    ...(thrown instanceof DeclaredFailure && isKeepable(thrown.data)
      ? { declared: { code: thrown.code, data: thrown.data } }
      : {}),
    ...keepableProperties(thrown),
  };
}

function toStoredCause(cause: unknown, depth: number): unknown {
  if (cause instanceof Error) return toStoredError(cause, depth);
  return isKeepable(cause) ? cause : textOf(cause);
}

function textOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  return isKeepable(thrown) ? (JSON.stringify(decode(encode(thrown, "error"))) ?? String(thrown)) : String(thrown);
}

function isKeepable(value: unknown): boolean {
  try {
    encode(value, "error");
    return true;
  } catch {
    // The codec refuses what it cannot keep; an error's own details are kept as far as they can be.
    return false;
  }
}

const OWN_FIELDS: ReadonlySet<string> = new Set(["name", "message", "stack", "cause", "data"]);

function keepableProperties(error: Error): { properties?: Record<string, unknown> } {
  const entries = Object.entries(error).filter(([key, value]) => !OWN_FIELDS.has(key) && isKeepable(value));
  return entries.length === 0 || error instanceof DeclaredFailure ? {} : { properties: Object.fromEntries(entries) };
}

/** Makes the Error to throw from what was kept. */
export function toThrowable(stored: StoredError): unknown {
  if (stored.isText) return stored.message;
  const { declared, cause } = stored;
  const error = declared
    ? new DeclaredFailure(declared.code, declared.data, stored.message)
    : new Error(
        stored.message,
        cause === undefined ? {} : { cause: isStoredError(cause) ? toThrowable(cause) : cause },
      );
  if (!declared && error.name !== stored.name)
    Object.defineProperty(error, "name", { value: stored.name, configurable: true, writable: true });
  if (stored.stack !== undefined) error.stack = stored.stack;
  return Object.assign(error, stored.properties);
}

function isStoredError(value: unknown): value is StoredError {
  return typeof value === "object" && value !== null && "name" in value && "message" in value;
}

export function encodeError(stored: StoredError): string {
  return encode(stored, "error");
}

export function decodeError(text: string): StoredError {
  return decode(text) as StoredError;
}
