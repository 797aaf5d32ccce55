import type { RunResult } from "@beckon/core/runtime";

/**
 * How long the request that makes a run stays open for its end. That saves a quick run a second request; a longer one is waited
 * for by its id, which outlives a server that is away.
 */
export const HELD_MS = 1_000;

/** Runs to be made, as every attempt sends them: what the caller changes after the call is no part of it. */
export interface WrittenCall {
  readonly jobId: string;
  readonly isBatch: boolean;
  /** What `toWire` makes of the one item, or of all `items`, and of the request id. */
  readonly text: string;
}

/** The result, or that the run was made and had not ended. */
export type HeldAnswer = RunResult<unknown, unknown> | { readonly id: string; readonly pending: true };

/** Where a server takes what is about one job. What is about a run has the same door for everybody: `runs.*`. */
export interface JobDoors {
  /** Makes the runs; sent again it makes no others. @throws CallFailure */
  invoke(call: WrittenCall, signal?: AbortSignal): Promise<readonly string[]>;
  /** Makes one run, likewise, and gives its result if there is one within `HELD_MS`. @throws CallFailure */
  invokeAndWait(call: WrittenCall, signal: AbortSignal): Promise<HeldAnswer>;
  /** The procedure that tells the result of a run of this job. */
  resultPath(jobId: string): string;
}
