import type { InvokeOptions } from "./invoke-options.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunExplanation } from "./run-explanation.ts";
import type { RunResult } from "./run-result.ts";

/** One run to be made. */
export interface InvokeItem {
  readonly payload: unknown;
  readonly options: InvokeOptions;
}

export interface InvokeRequest {
  readonly jobId: string;
  readonly items: readonly InvokeItem[];
  /** true: errors name the item's index. */
  readonly isBatch: boolean;
}

export interface InvokeAndWaitRequest {
  readonly jobId: string;
  readonly item: InvokeItem;
  /** Of the wait; undefined: none. */
  readonly timeoutMs: number | undefined;
}

export interface ResultRequest {
  /** The result is typed by this job: a run of another one is not found. */
  readonly jobId: string;
  readonly runId: string;
  /** Of the wait; undefined: none. */
  readonly timeoutMs: number | undefined;
}

/**
 * The way from a call to the runs: in-process to an engine, or over HTTP to a server. Rejections are
 * OperationErrors; a failed run is not a rejection.
 */
export interface Transport {
  /** Names the other side in messages, such as `the server at http://localhost:3000`. */
  readonly description: string;
  /** The way that it is a door to, where it is one: in runs there, calls that take it are steps, too. */
  readonly doorTo?: Transport | undefined;
  /** Makes all runs or none; ids in the order of the items. */
  invoke(request: InvokeRequest): Promise<readonly string[]>;
  /** Makes one run and waits for its end: in one exchange, where the way is long. @throws WaitTimeoutError */
  invokeAndWait(request: InvokeAndWaitRequest): Promise<RunResult<unknown, unknown>>;
  /** @throws WaitTimeoutError when the wait is over first. */
  result(request: ResultRequest): Promise<RunResult<unknown, unknown>>;
  /** Every event after the given `seq`, until the run has ended; resumes by itself after a dropped connection. */
  events(
    runId: string,
    options: { readonly after: number; readonly signal: AbortSignal | undefined },
  ): AsyncIterable<RunEvent>;
  /** @throws RunStateError when the run is finished. */
  cancel(runId: string): Promise<void>;
  explain(runId: string): Promise<RunExplanation>;
}
