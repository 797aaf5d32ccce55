import type { LogLevel, TaskKind, TaskStatus } from "../run-event.ts";
import type { BeckonError, DeclaredError, StatusRecord } from "../run-result.ts";
import type { RunStatus } from "../run.ts";

/*
 * What people and programs are shown: records with Dates instead of numbers and values instead of codec
 * text. Router, REST and dashboard pass these on as they are.
 */

/**
 * Why a QUEUED run may not start yet. `limit`: it waits in its limit's backlog. `paused`: its job is paused. `suspect`: several
 * processes in a row died under it, and each server executes one such run at a time.
 */
export type Hold = "limit" | "paused" | "suspect";

/** How a wait was resolved. `due`: its time came. `ended`: every run it waited for has ended. */
export type Resolution = "due" | "timed-out" | "delivered" | "ended";

/** What became of a signal: a run waited for it, or it is kept until one does. */
export type SignalOutcome = "delivered" | "kept";

/** A run in a list. */
export interface RunSummary {
  readonly id: string;
  readonly job: { readonly id: string; readonly version: string };
  readonly status: RunStatus;
  readonly hold: Hold | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly isTest: boolean;
  readonly replayOf: string | null;
  readonly parentRunId: string | null;
  readonly accountId: string | null;
  /** As it was given; a list as JSON. */
  readonly idempotencyKey: string | null;
  readonly concurrencyKey: string | null;
  readonly createdAt: Date;
  readonly queuedAt: Date | null;
  readonly startAt: Date | null;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly attempt: number;
  readonly executionCount: number;
  readonly executionDurationInMs: number;
}

/** A run on its page. `output` is there when it succeeded, `error` when it ended otherwise or is about to be tried again. */
export interface RunView extends RunSummary {
  readonly payload: unknown;
  readonly context: unknown;
  readonly output: unknown;
  readonly error: BeckonError | DeclaredError | null;
  readonly statuses: readonly StatusRecord[];
  readonly callbackUrl: string | null;
  readonly isDetached: boolean;
  /** The `seq` of its last event: who reads on from there misses nothing. */
  readonly eventCount: number;
}

/** A step of a run; redacted values read `"[redacted]"`. */
export interface TaskView {
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: TaskKind;
  readonly name: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly output: unknown;
  readonly error: { readonly name: string; readonly message: string; readonly stack?: string | undefined } | null;
  readonly childRunId: string | null;
  readonly params: unknown;
  readonly icon: string | null;
  readonly description: string | null;
  readonly properties: readonly { readonly label: string; readonly text: string }[];
  readonly startedAt: Date;
  readonly completedAt: Date | null;
  readonly wakeAt: Date | null;
  readonly resolution: Resolution | null;
}

/** A step of a run in an outline of all of them. Instants are epoch milliseconds: there may be thousands of steps. */
export interface StepOutline {
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: TaskKind;
  readonly name: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly childRunId: string | null;
  readonly startedAt: number;
  readonly completedAt: number | null;
}

/** A message that a run logged. `seq` is that of its event. */
export interface LogView {
  readonly seq: number;
  readonly at: Date;
  readonly taskId: string | null;
  readonly level: LogLevel;
  readonly message: string;
  readonly data: unknown;
}

/** What `runs.list` filters by. */
export interface RunListQuery {
  readonly job?: string | undefined;
  readonly status?: RunStatus | readonly RunStatus[] | undefined;
  readonly tag?: string | undefined;
  readonly version?: string | undefined;
  readonly isTest?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly parent?: string | undefined;
  readonly accountId?: string | undefined;
  /** A run id, the beginning of one, or an idempotency key, of a list as JSON. */
  readonly search?: string | undefined;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
  /** 1 to 100; default 20. */
  readonly limit?: number | undefined;
}

export interface RunPage {
  readonly runs: readonly RunSummary[];
  /** null: there are no more. */
  readonly nextCursor: string | null;
}
