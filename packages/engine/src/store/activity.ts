import type { TerminalStatus } from "@beckon/core/runtime";

/**
 * Runs of one job that ended in one stretch of time, with one status, after about the same time: so many that
 * they are only ever counted.
 */
export interface EndedCount {
  /** When the stretch began; stretches are counted from the epoch. */
  readonly from: number;
  readonly jobId: string;
  readonly status: TerminalStatus;
  /** `durationClassOf` the time from the first start to the end; 0 for runs that never started. */
  readonly durationClass: number;
  readonly count: number;
  /** Between being queued and starting, summed over those that started. */
  readonly queuedMs: number;
}

/** A concurrency limit, or a concurrency key's share of one. */
export interface LimitFacts {
  readonly id: string;
  readonly max: number;
  readonly taken: number;
  /** Runs that wait for a place; counting stops at `countTo`. */
  readonly waiting: number;
}

/** What overviews are made of. None of these reads more as history grows, only as the asked stretch does. */
export interface ActivityVerbs {
  /** Counts the runs that ended at or after `from` and before `to`, in stretches of `stretchMs`. */
  countEnded(request: {
    readonly from: number;
    readonly to: number;
    readonly stretchMs: number;
  }): Promise<readonly EndedCount[]>;
  /** The limits with most places taken, up to `limit`. */
  listLimits(request: { readonly limit: number; readonly countTo: number }): Promise<readonly LimitFacts[]>;
}
