import type { RunStatus } from "../run.ts";

/** Percentiles of durations in milliseconds, to about a tenth; null when no run ended. */
export interface DurationView {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
}

/** What ended in a stretch of time. */
export interface ActivityStretch extends DurationView {
  readonly from: Date;
  readonly succeeded: number;
  /** FAILURE, TIMED_OUT and EXPIRED. */
  readonly failed: number;
  readonly canceled: number;
  /** Between being queued and starting, on average; null when none started. */
  readonly queuedMs: number | null;
}

/** What ended of one job. */
export interface JobActivity extends DurationView {
  readonly jobId: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly canceled: number;
  /** The median duration in each stretch, oldest first; null where none ended. */
  readonly medians: readonly (number | null)[];
  readonly lastRun: { readonly id: string; readonly status: RunStatus; readonly createdAt: Date } | null;
}

export interface ActivityView {
  readonly from: Date;
  readonly to: Date;
  readonly stretchMs: number;
  readonly total: DurationView & { readonly succeeded: number; readonly failed: number; readonly canceled: number };
  /** Oldest first, without gaps. */
  readonly stretches: readonly ActivityStretch[];
  /** Of every job, in the order of the catalog. */
  readonly jobs: readonly JobActivity[];
}

/** Failed runs whose error reads alike. */
export interface FailureGroup {
  readonly jobId: string;
  readonly code: string;
  /** Of the newest. */
  readonly message: string;
  readonly count: number;
  readonly lastAt: Date;
  readonly lastRunId: string;
}

export interface FailuresView {
  readonly groups: readonly FailureGroup[];
  /** How many failed runs were looked at: the newest. */
  readonly looked: number;
  /** There were more than were looked at. */
  readonly isPartial: boolean;
}

export interface LimitView {
  readonly id: string;
  readonly max: number;
  readonly taken: number;
  /** Runs that wait for a place; 10,000 stands for that or more. */
  readonly waiting: number;
}

export type LiveCounts = Readonly<Record<"DELAYED" | "QUEUED" | "EXECUTING" | "WAITING", number>>;

export interface QueuesView {
  readonly jobs: readonly { readonly jobId: string; readonly live: LiveCounts }[];
  readonly limits: readonly LimitView[];
  /** How it was before, oldest first: since this process runs, and an hour at most. */
  readonly samples: readonly QueueSample[];
}

export interface QueueSample {
  readonly at: Date;
  readonly live: LiveCounts;
  /** Places taken, by limit. */
  readonly taken: Readonly<Record<string, number>>;
}

/** The last hour, or the last day. */
export type ActivitySpan = "hour" | "day";
