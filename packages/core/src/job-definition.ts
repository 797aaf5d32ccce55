import type { ConcurrencyLimit } from "./concurrency-limit.ts";
import type { ErrorSchemas } from "./declared-errors.ts";
import type { IO } from "./io.ts";
import type { RetryPolicy } from "./retry.ts";
import type { RunContext, RunNotification } from "./run-context.ts";
import type { LogLevel } from "./run-event.ts";
import type { RunResult } from "./run-result.ts";
import type { Schema } from "./schema.ts";
import type { Example } from "./trigger.ts";

/**
 * A job as every door reads it: options checked, durations in milliseconds, types forgotten. Router, REST,
 * OpenAPI, dashboard and engine derive what they offer from this and from nothing else.
 */
export interface JobDefinition {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly clientId: string;
  readonly enabled: boolean;
  readonly schema: Schema | undefined;
  readonly examples: readonly Example<unknown>[];
  readonly errors: ErrorSchemas;
  /** null: an error that escapes `run` fails the run. */
  readonly retry: RetryPolicy | null;
  readonly maxDurationMs: number | null;
  readonly ttlMs: number | null;
  /** A limit of the job's own has the id `job:<job id>`; a shared one `shared:<limit id>`. */
  readonly concurrencyLimit: ConcurrencyLimit | null;
  readonly logLevel: LogLevel;
  readonly run: UntypedRun;
  readonly onSuccess: UntypedHook | undefined;
  readonly onFailure: UntypedHook | undefined;
}

/** A method, and so bivariant: a typed `run` is assignable here, and the engine passes it what its schema made. */
export type UntypedRun = { call(payload: unknown, io: IO, ctx: RunContext): unknown }["call"];

export type UntypedHook = {
  call(notification: RunNotification<RunResult<unknown, unknown>>): unknown;
}["call"];
