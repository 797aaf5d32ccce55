import type { Duration } from "./duration.ts";
import type { InvokeOptions, StepKey } from "./invoke-options.ts";
import type { JobCalls } from "./job-calls.ts";
import type { RetryOptions } from "./retry.ts";
import type { Run } from "./run-handle.ts";
import type { StatusState } from "./run-result.ts";
import type { OutputOfSchema, Schema } from "./schema.ts";

/** The attempt of a task that is being made. */
export interface Task {
  /** The step's id: its key, below that of the task or branch around it. */
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** The same for every attempt and every replay of this task in this run: hand it to the service you call. */
  readonly idempotencyKey: string;
  /** Aborts with the run's signal, and when the task's `timeout` is over. */
  readonly signal: AbortSignal;
}

export interface TaskOptions {
  /** For people; default: the key. */
  readonly name?: string | undefined;
  readonly icon?: string | undefined;
  readonly description?: string | undefined;
  /** Shown beside the task; does nothing else. */
  readonly params?: unknown;
  readonly properties?: readonly { readonly label: string; readonly text: string }[] | undefined;
  /** Default: one attempt. */
  readonly retry?: RetryOptions | undefined;
  /** Of one attempt: over it the attempt has failed, and `task.signal` aborts. Default: none. */
  readonly timeout?: Duration | undefined;
  /**
   * Dotted paths in params and output that people are not shown, such as `"card.number"` or `"cards.*.number"`. The
   * database keeps them, and callers of the run see what `run` returns.
   */
  readonly redact?: readonly string[] | undefined;
}

/** What `onError` may decide: when to try again, to stop, or which error to fail with. Nothing: the retry policy decides. */
export type TaskErrorDecision = { readonly retryAt: Date } | { readonly skipRetrying: true } | Error | undefined | void;

/** Is told of every failed attempt, with what was thrown as it is. What it throws itself takes the error's place. */
export type TaskErrorHandler = (error: unknown, task: Task, io: IO) => TaskErrorDecision | Promise<TaskErrorDecision>;

/**
 * Keeps messages for a run, each once however often the run replays; those below the job's `logLevel` are dropped. Data
 * that cannot be stored is replaced by the reason: a message never fails a run.
 */
export interface Logger {
  debug(message: string, data?: unknown): void;
  info(message: string, data?: unknown): void;
  warn(message: string, data?: unknown): void;
  error(message: string, data?: unknown): void;
}

/** What changes of a status; fields that are left out stay. */
export interface StatusUpdate {
  readonly label?: string | undefined;
  readonly state?: StatusState | undefined;
  readonly data?: unknown;
}

/** Progress that callers and the dashboard see live. */
export interface StatusHandle {
  /** A step of its own: the key is unique among the updates of this status. */
  update(key: StepKey, update: StatusUpdate): Promise<void>;
}

/**
 * Durable values of a run, a job, or the whole server; each at most 256 KB. These calls are no steps: `get` gives what is
 * there now, and `set` is done again on replay. In a task they happen once.
 */
export interface KeyValueStore {
  /** The value, or undefined when there is none. */
  get(key: string): Promise<unknown>;
  /** @throws InvalidOptionError when the value is too large @throws UnserializableValueError */
  set(key: string, value: unknown): Promise<void>;
  has(key: string): Promise<boolean>;
  /** Tells whether there was a value. */
  delete(key: string): Promise<boolean>;
}

export interface SignalOptions {
  /** Which one of the signals of this name; default: the one without an id. */
  readonly id?: string | undefined;
  readonly payload?: unknown;
}

export interface WaitForSignalOptions<S extends Schema | undefined> {
  readonly id?: string | undefined;
  readonly schema?: S;
  /** Over it the wait rejects with WaitTimeoutError. Default: none. */
  readonly timeout?: Duration | undefined;
}

/**
 * What a run does durably. Each call with a key is a step: when the run is executed again, finished steps
 * answer from what was stored. Keys are unique within their scope, or the call rejects with DuplicateStepKeyError; a task's
 * callback is a scope of its own. An option that there is not, or that cannot be, rejects with InvalidOptionError. When the run
 * is ended from outside, calls reject with the AbortReason of `ctx.signal`.
 */
export interface IO {
  /**
   * Runs `run` once and keeps its value; a failed attempt is tried again as `options.retry` says, or `onError` decides. What
   * it gives has been through storage, in the first pass too. When it has failed for good it rejects with an Error of the
   * same name, message and properties, and not of the same class, on every replay alike.
   *
   * @example
   * const user = await io.runTask(["load user", 7], async ({ signal }) => {
   *   const response = await fetch("https://api.acme.example/users/7", { signal });
   *   return (await response.json()) as { name: string };
   * }, { retry: { limit: 3 }, timeout: "10s" });
   */
  runTask<Value>(
    key: StepKey,
    run: (task: Task, io: IO) => Value | Promise<Value>,
    options?: TaskOptions,
    onError?: TaskErrorHandler,
  ): Promise<Value>;
  /** Waits durably, holding no slot; a Date that has passed resolves at once. @example await io.wait("a week", "7d"); */
  wait(key: StepKey, until: Duration | Date): Promise<void>;
  /**
   * Hands `send` a URL, once, and waits until something is POSTed there; resolves with the body: JSON as its value, a form as
   * a record of its fields (a file as `{ name, type, base64 }`), anything else as text, or as `{ type, base64 }` where its
   * bytes are no text in the charset of its type (UTF-8 where it names none).
   *
   * @example
   * const answer = await io.waitForRequest("approval", (url) => console.log(`Approve at ${url}`), { timeout: "3d" });
   *
   * @throws WaitTimeoutError @throws what `send` throws
   */
  waitForRequest(
    key: StepKey,
    send: (url: string) => unknown,
    options?: { readonly timeout?: Duration | undefined },
  ): Promise<unknown>;
  /** Sends a signal once; it is kept until someone waits for it. One signal resolves one wait. */
  sendSignal(key: StepKey, name: string, options?: SignalOptions): Promise<void>;
  /**
   * Waits for a signal; resolves with its payload, parsed by `schema` when there is one.
   *
   * @example
   * const schema = z.object({ cents: z.number() });
   * const { cents } = await io.waitForSignal("paid", "invoice.paid", { id: "invoice-7", schema });
   *
   * @throws WaitTimeoutError @throws Error named `InvalidSignalError`, with `issues`, when `schema` refuses the payload
   */
  waitForSignal<S extends Schema | undefined = undefined>(
    key: StepKey,
    name: string,
    options?: WaitForSignalOptions<S>,
  ): Promise<S extends Schema ? OutputOfSchema<S> : unknown>;
  readonly logger: Logger;
  /**
   * Shows progress, and gives the handle that changes it.
   *
   * @example
   * const progress = await io.createStatus("progress", { label: "Importing", state: "loading", data: { done: 0 } });
   * await progress.update("half", { data: { done: 50 } });
   */
  createStatus(key: StepKey, status: StatusUpdate & { readonly label: string }): Promise<StatusHandle>;
  /** A number from `min` (default 0) to below `max` (default 1); with `round` whole, `max` included. @throws InvalidOptionError */
  random(
    key: StepKey,
    options?: {
      readonly min?: number | undefined;
      readonly max?: number | undefined;
      readonly round?: boolean | undefined;
    },
  ): Promise<number>;
  /** The time at the first execution. */
  now(key: StepKey): Promise<Date>;
  /** The one made at the first execution. */
  uuid(key: StepKey): Promise<string>;
  /**
   * Runs `run` for every item at once, each in a scope of its own, and keeps each value; results in input order. What is in
   * it runs again on replay, as in the run itself: side effects belong in its tasks.
   *
   * @example
   * const sizes = await io.parallel("measure", ["a", "bb"], (word, _index, itemIo) =>
   *   itemIo.runTask("count", () => word.length),
   * );
   */
  parallel<Item, Value>(
    key: StepKey,
    items: readonly Item[],
    run: (item: Item, index: number, io: IO) => Value | Promise<Value>,
  ): Promise<Value[]>;
  /** A plain try/catch. */
  try<Value, Caught>(
    run: () => Value | Promise<Value>,
    onCatch: (error: unknown) => Caught | Promise<Caught>,
  ): Promise<Value | Caught>;
  readonly store: { readonly run: KeyValueStore; readonly job: KeyValueStore; readonly global: KeyValueStore };
  /** `job.invoke(…)` as a step of this run, where a library has lost the async context. */
  invoke<Input, Output, Err>(
    job: JobCalls<Input, Output, Err> & { readonly id: string },
    payload: Input,
    options?: InvokeOptions,
  ): Promise<Run<Output, Err>>;
}
