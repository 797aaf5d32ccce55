import type { Duration } from "./duration.ts";

/** Names a step within its scope. Objects inside an array compare by value; property order does not matter. */
export type StepKey = string | readonly unknown[];

/** How a run is to be made. Every option reaches the run through every door. */
export interface InvokeOptions {
  /** The step key inside a run; the same key twice in one scope is an error. Outside a run it means nothing. */
  readonly key?: StepKey | undefined;
  /**
   * Scoped to the job: the same key and payload give the first run's id again, another payload rejects with
   * IdempotencyConflictError. Free again after any end but SUCCESS. 1 to 2,048 characters, of a list in all.
   */
  readonly idempotencyKey?: string | readonly string[] | undefined;
  /** How long the key is kept after the run was made. An unfinished run keeps its key. Default `"30d"`. */
  readonly idempotencyKeyTTL?: Duration | undefined;
  /** Inside a run: canceling the parent leaves this child alone. */
  readonly detached?: boolean | undefined;
  /** Any value that can be stored; arrives as `ctx.event.context`. */
  readonly context?: unknown;
  /** Arrives as `ctx.account.id`; runs can be listed by it. 1 to 256 characters. */
  readonly accountId?: string | undefined;
  /** Is POSTed the RunResult when the run has ended, signed where the server has a secret; tried again for a day. */
  readonly callbackUrl?: string | undefined;
  /** Start no earlier than this. An instant that has passed starts at once. */
  readonly delay?: Duration | Date | undefined;
  /** Become EXPIRED when not started this long after first being queued. Default: the job's. */
  readonly ttl?: Duration | undefined;
  /** A whole number; higher starts first. Default 0. */
  readonly priority?: number | undefined;
  /** To find runs by: up to 50 texts of 1 to 256 characters. */
  readonly tags?: readonly string[] | undefined;
  /** The job's concurrency limit then holds for each key apart; without a limit it means nothing. 1 to 256 characters. */
  readonly concurrencyKey?: string | undefined;
  /** Executing time, waits excluded; over it the run is TIMED_OUT. Default: the job's. */
  readonly maxDuration?: Duration | undefined;
  /** Marks the run as a test; its children inherit the mark. */
  readonly isTest?: boolean | undefined;
}

/** InvokeOptions of the forms that wait for the result. */
export interface InvokeAndWaitOptions extends InvokeOptions {
  /** Of the wait: over it `WaitTimeoutError`, and the child goes on. Default: none. */
  readonly timeout?: Duration | undefined;
}

/** One call in a batch. */
export interface BatchItem<Input> {
  readonly payload: Input;
  readonly options?: InvokeOptions | undefined;
}

/** The most items in one batch. */
export const BATCH_LIMIT = 1_000;
