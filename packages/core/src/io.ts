import type { Duration } from "./duration.ts";
import type { InvokeOptions, StepKey } from "./invoke-options.ts";
import type { JobCalls } from "./job-calls.ts";
import type { RetryOptions } from "./retry.ts";
import type { Run } from "./run-handle.ts";
import type { StatusState } from "./run-result.ts";
import type { OutputOfSchema, Schema } from "./schema.ts";

/** The attempt of a task that is being made. */
export interface Task {
  readonly id: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** The same for every attempt and every replay: hand it to the service you call. */
  readonly idempotencyKey: string;
  /** Aborts with the run's signal, and when the task's `timeout` is over. */
  readonly signal: AbortSignal;
}

export interface TaskOptions {
  /** For people; default: the key. */
  readonly name?: string | undefined;
  readonly icon?: string | undefined;
  readonly description?: string | undefined;
  /** Shown beside the task. */
  readonly params?: unknown;
  readonly properties?: readonly { readonly label: string; readonly text: string }[] | undefined;
  /** Default: one attempt. */
  readonly retry?: RetryOptions | undefined;
  /** Of one attempt. */
  readonly timeout?: Duration | undefined;
  /** Dotted paths in params and output that people are not shown, such as `"card.number"`. */
  readonly redact?: readonly string[] | undefined;
}

/** What `onError` may decide: when to try again, to stop trying, or which error to fail with. Nothing: the retry policy decides. */
export type TaskErrorDecision = { readonly retryAt: Date } | { readonly skipRetrying: true } | Error | undefined | void;

export type TaskErrorHandler = (error: unknown, task: Task, io: IO) => TaskErrorDecision | Promise<TaskErrorDecision>;

/** Keeps messages for a run, each once however often the run replays. */
export interface Logger {
  debug(message: string, data?: unknown): void;
  info(message: string, data?: unknown): void;
  warn(message: string, data?: unknown): void;
  error(message: string, data?: unknown): void;
}

export interface StatusUpdate {
  readonly label?: string | undefined;
  readonly state?: StatusState | undefined;
  readonly data?: unknown;
}

/** Progress that callers and the dashboard see live. */
export interface StatusHandle {
  update(key: StepKey, update: StatusUpdate): Promise<void>;
}

/** Durable values of a run, a job, or the whole server; each at most 256 KB. */
export interface KeyValueStore {
  /** The value, or undefined when there is none. */
  get(key: string): Promise<unknown>;
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
 * answer from what was stored. Keys are unique within their scope; a task's callback is a scope of its own.
 */
export interface IO {
  /** Runs `run` once and keeps its value. A failed attempt is tried again as `options.retry` says. */
  runTask<Value>(
    key: StepKey,
    run: (task: Task, io: IO) => Value | Promise<Value>,
    options?: TaskOptions,
    onError?: TaskErrorHandler,
  ): Promise<Value>;
  /** Waits durably, holding no slot. */
  wait(key: StepKey, until: Duration | Date): Promise<void>;
  /** Hands `send` a URL and waits until something is POSTed there; resolves with the body. */
  waitForRequest(
    key: StepKey,
    send: (url: string) => void | Promise<void>,
    options?: { readonly timeout?: Duration | undefined },
  ): Promise<unknown>;
  /** Sends a signal once; it is kept until someone waits for it. One signal resolves one wait. */
  sendSignal(key: StepKey, name: string, options?: SignalOptions): Promise<void>;
  /** Waits for a signal; resolves with its payload, parsed by `schema` when there is one. */
  waitForSignal<S extends Schema | undefined = undefined>(
    key: StepKey,
    name: string,
    options?: WaitForSignalOptions<S>,
  ): Promise<S extends Schema ? OutputOfSchema<S> : unknown>;
  readonly logger: Logger;
  createStatus(key: StepKey, status: StatusUpdate & { readonly label: string }): Promise<StatusHandle>;
  /** A number from `min` (default 0) to below `max` (default 1); with `round` whole, `max` included. */
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
  uuid(key: StepKey): Promise<string>;
  /** Runs `run` for every item at once, each in a scope of its own, and keeps each value; results in input order. */
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
  /** `job.invoke(…)` where a library has lost the async context. */
  invoke<Input, Output, Err>(
    job: JobCalls<Input, Output, Err> & { readonly id: string },
    payload: Input,
    options?: InvokeOptions,
  ): Promise<Run<Output, Err>>;
}
