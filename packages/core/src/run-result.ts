import type { FailedStatus } from "./run.ts";
import type { Issue } from "./schema.ts";

/**
 * The failures that Beckon itself records, beside those a job declares. The codes are reserved: a job
 * cannot declare one of them.
 */
export type BeckonError =
  | {
      readonly code: "UNCAUGHT";
      readonly message: string;
      readonly name: string;
      readonly stack?: string | undefined;
      readonly cause?: unknown;
    }
  | { readonly code: "TIMED_OUT"; readonly message: string }
  | { readonly code: "CANCELED"; readonly message: string }
  | { readonly code: "EXPIRED"; readonly message: string }
  /** The schema changed while the run waited, and its stored input no longer fits. */
  | { readonly code: "INVALID_PAYLOAD"; readonly message: string; readonly issues: readonly Issue[] }
  | { readonly code: "STEP_MISMATCH"; readonly message: string }
  /** The process died under the run five times in a row, and no step of it ended in between. */
  | { readonly code: "POISONED"; readonly message: string };

/** Codes that a job may not declare. */
export type ReservedCode = BeckonError["code"];

export const RESERVED_CODES: readonly ReservedCode[] = [
  "UNCAUGHT",
  "TIMED_OUT",
  "CANCELED",
  "EXPIRED",
  "INVALID_PAYLOAD",
  "STEP_MISMATCH",
  "POISONED",
];

/** A failure that a job declared under `errors` and threw through `ctx.errors`. */
export interface DeclaredError<Code extends string = string, Data = unknown> {
  readonly code: Code;
  readonly message: string;
  readonly data: Data;
}

/** Progress that a run shows while it works; `data` is whatever the job put there. */
export interface StatusRecord {
  /** Unique in the run: the key it was created with, inside a task or a branch behind the id of that. */
  readonly key: string;
  readonly label: string;
  readonly state: StatusState | null;
  readonly data: unknown;
  readonly updatedAt: Date;
}

export type StatusState = "loading" | "success" | "failure";

/** What every settled run tells about itself. */
export interface RunFacts {
  readonly id: string;
  readonly job: { readonly id: string; readonly version: string };
  readonly isTest: boolean;
  readonly createdAt: Date;
  /** null: it never started. */
  readonly startedAt: Date | null;
  readonly completedAt: Date;
  /** Time inside `run`, waits excluded, over all executions. */
  readonly executionDurationInMs: number;
  /** How often `run` was entered, replays included. */
  readonly executionCount: number;
  readonly statuses: readonly StatusRecord[];
  readonly invocation: { readonly payload: unknown; readonly context: unknown; readonly timestamp: Date };
}

export interface SuccessfulResult<Output> extends RunFacts {
  readonly ok: true;
  readonly status: "SUCCESS";
  readonly output: Output;
}

export interface FailedResult<Err> extends RunFacts {
  readonly ok: false;
  readonly status: FailedStatus;
  readonly error: Err | BeckonError;
}

/** How a run ended: `output` is there only once `ok` is known to be true, `error` only once it is false. */
export type RunResult<Output = unknown, Err = never> = SuccessfulResult<Output> | FailedResult<Err>;
