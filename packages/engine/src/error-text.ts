import { decode, DeclaredFailure, encode, fromWireError, JobError } from "@beckon/core/runtime";
import { redact } from "./redact.ts";
import { attempt, isError, readProperty, textOf } from "./thrown-text.ts";

/**
 * An error as it is kept with a step: enough to be thrown again on replay, in this process or another.
 * Its class is kept where it is Beckon's own. Another is not thrown as that class in the first pass either:
 * code that tells errors apart by `name` or `code` sees the same before and after a crash.
 */
export interface StoredError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: unknown;
  /** Set for a cause that was no Error, though it has a name and a message, too. */
  readonly isPlainCause?: true | undefined;
  /** The own properties of the error that the codec can keep, such as `code` or `status`. */
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
  /** Set for an error made by `ctx.errors`. */
  readonly declared?: { readonly code: string; readonly data: unknown } | undefined;
  /** Set for a thrown value that was no Error. */
  readonly isText?: true | undefined;
}

/** Causes deeper than this are cut off: a cycle of causes must end somewhere. */
const MAX_CAUSES = 5;

/** Reads a thrown value, whatever it is. A value that is no Error is kept as text. */
export function toStoredError(thrown: unknown): StoredError {
  const stored = readError(thrown, 0);
  // Details that could be kept one by one may be nested too deeply together.
  if (isKeepable(stored)) return stored;
  const { name, message, stack } = stored;
  return { name, message, ...(stack === undefined ? {} : { stack }) };
}

function readError(thrown: unknown, depth: number): StoredError {
  if (!isError(thrown)) return { name: "Error", message: textOf(thrown), isText: true };
  const [name, message, stack, cause] = ["name", "message", "stack", "cause"].map((key) => readProperty(thrown, key));
  return {
    name: typeof name === "string" ? name : "Error",
    message: textOf(message ?? ""),
    ...(typeof stack === "string" ? { stack } : {}),
    ...(cause === undefined || depth >= MAX_CAUSES ? {} : readCause(cause, depth + 1)),
    ...(thrown instanceof DeclaredFailure && isKeepable(thrown.data)
      ? { declared: { code: thrown.code, data: thrown.data } }
      : {}),
    ...readProperties(thrown),
  };
}

function readCause(cause: unknown, depth: number): Pick<StoredError, "cause" | "isPlainCause"> {
  if (isError(cause)) return { cause: readError(cause, depth) };
  if (!isKeepable(cause)) return { cause: textOf(cause) };
  return looksStored(cause) ? { cause, isPlainCause: true } : { cause };
}

/** By a copy that still fits when a step's record, a result and a parent's results are wrapped around it. */
function isKeepable(value: unknown): boolean {
  const wrapped = Array.from({ length: 10 }).reduce((inner: unknown) => [inner], value);
  return attempt(() => encode(wrapped, "error")) !== undefined;
}

const OWN_FIELDS: ReadonlySet<string> = new Set(["name", "message", "stack", "cause"]);

function readProperties(error: Error): { properties?: Record<string, unknown> } {
  const names = error instanceof DeclaredFailure ? [] : (attempt(() => Object.keys(error)) ?? []);
  const entries = names
    .filter((name) => !OWN_FIELDS.has(name))
    .map((name) => [name, readProperty(error, name)] as const)
    .filter(([name, value]) => isKeepable({ [name]: value }));
  return entries.length === 0 ? {} : { properties: Object.fromEntries(entries) };
}

/** Makes the Error to throw from what was kept. */
export function toThrowable(stored: StoredError): unknown {
  if (stored.isText) return stored.message;
  const { name, cause, stack, isPlainCause = false } = stored;
  const error = toBareError(stored);
  if (error.name !== name) Object.defineProperty(error, "name", { value: name, configurable: true, writable: true });
  if (cause !== undefined) {
    const value = !isPlainCause && looksStored(cause) ? toThrowable(cause) : cause;
    Object.defineProperty(error, "cause", { value, configurable: true, writable: true });
  }
  if (stack !== undefined) error.stack = stack;
  return Object.assign(error, stored.properties);
}

function toBareError({ name, message, declared, properties }: StoredError): Error {
  if (declared !== undefined) return new DeclaredFailure(declared.code, declared.data, message);
  const own = properties === undefined ? undefined : toOwnError(name, { ...properties, message });
  return own?.name === name ? own : new Error(message);
}

/** One of Beckon's own: of a child that was asked for its output, or of a call that was refused. */
function toOwnError(name: string, fields: Readonly<Record<string, unknown>>): Error | undefined {
  if (name !== "JobError") return fromWireError(fields);
  const { runId, error, message } = fields;
  // Somebody else may have a class of this name.
  if (typeof runId !== "string" || typeof error !== "object" || error === null) return undefined;
  return Object.assign(new JobError(runId, error as JobError["error"]), { message });
}

/** The same error with its details hidden at these paths, as in the task's output and params, and those of its causes. */
export function redactError(error: StoredError, paths: readonly string[]): StoredError {
  if (paths.length === 0) return error;
  const { properties, declared, cause, isPlainCause = false } = error;
  return {
    ...error,
    ...(properties && { properties: redact(properties, paths) as StoredError["properties"] }),
    ...(declared && { declared: { ...declared, data: redact(declared.data, paths) } }),
    ...(cause !== undefined && {
      cause: looksStored(cause) && !isPlainCause ? redactError(cause, paths) : redact(cause, paths),
    }),
  };
}

function looksStored(value: unknown): value is StoredError {
  return typeof value === "object" && value !== null && "name" in value && "message" in value;
}

/** What is told of an error in a sentence ends here; all of it is kept beside the sentence. */
const LONGEST_TEXT = 500;

function shorten(text: string): string {
  // A character that is two units long may be cut in its middle.
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT).toWellFormed()}…`;
}

/** An error in half a sentence: `TypeError: fetch failed (connect ECONNREFUSED 127.0.0.1:80)`. */
export function toReason(
  error: Pick<StoredError, "name" | "message" | "cause"> & {
    readonly declared?: { readonly code: string } | undefined;
  },
): string {
  const { cause, declared } = error;
  const [name, message] = [shorten(error.name), shorten(error.message)];
  if (declared !== undefined) return error.message === declared.code ? message : `${declared.code}: ${message}`;
  const label = name === "Error" ? "" : `${name}: `;
  const reason = message === "" ? name : `${label}${message}`;
  const why = shorten(toCauseText(cause));
  return why === "" ? reason : `${reason} (${why})`;
}

/** What a library throws often says that something failed, and only its cause says why. */
function toCauseText(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return cause === undefined ? "" : textOf(cause);
  const { message, name, properties } = cause as Partial<StoredError>;
  const texts = [message, properties?.["code"], name];
  return texts.find((text): text is string => typeof text === "string" && text !== "") ?? "";
}

export function encodeError(stored: StoredError): string {
  return encode(stored, "error");
}

export function decodeError(text: string): StoredError {
  return decode(text) as StoredError;
}
