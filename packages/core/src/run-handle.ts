import { type Duration, toMs } from "./duration.ts";
import { JobError } from "./errors.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunExplanation } from "./run-explanation.ts";
import type { BeckonError, RunResult } from "./run-result.ts";
import { currentRunScope } from "./run-scope.ts";
import type { Transport } from "./transport.ts";

export interface WaitOptions {
  /** Over it the wait rejects with WaitTimeoutError and the run goes on. Default: none. */
  readonly timeout?: Duration | undefined;
}

/** A run that was made: what came of it, and what it is doing. */
export interface Run<Output, Err = never> {
  /** `run_…`, sortable by creation. */
  readonly id: string;
  /** Waits for the end. A failed run is a value, not a rejection. @throws WaitTimeoutError */
  result(options?: WaitOptions): Promise<RunResult<Output, Err>>;
  /** Waits for the end and gives the output. @throws JobError when the run did not succeed. @throws WaitTimeoutError */
  output(options?: WaitOptions): Promise<Output>;
  /** What happens to the run, each event once and in order, until it has ended; resumes after a dropped connection. */
  events(options?: {
    readonly after?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): AsyncIterable<RunEvent>;
  /** Ends the run and every unfinished run it made. @throws RunStateError when it is finished. */
  cancel(): Promise<void>;
  /** Why the run is not finished. */
  explain(): Promise<RunExplanation>;
}

/** Where a handle's run lives: its job, and the way to it, looked up when it is needed. */
export interface RunAddress {
  readonly jobId: string;
  readonly runId: string;
  readonly transport: () => Transport;
}

/** Makes the handle of a run. The caller states the types: this is where the dynamic meets the typed. */
export function createRun<Output, Err>(address: RunAddress): Run<Output, Err> {
  const { jobId, runId, transport } = address;
  const result = async (options?: WaitOptions): Promise<RunResult<Output, Err>> => {
    const [settled] = await awaitResults<Output, Err>({ jobId, runIds: [runId], transport, timeout: options?.timeout });
    return settled as RunResult<Output, Err>;
  };
  return {
    id: runId,
    result,
    output: async (options) => outputOf(await result(options)),
    events: (options) => transport().events(runId, { after: options?.after ?? 0, signal: options?.signal }),
    cancel: () => transport().cancel(runId),
    explain: () => transport().explain(runId),
  };
}

function outputOf<Output, Err>(result: RunResult<Output, Err>): Output {
  if (result.ok) return result.output;
  throw new JobError(result.id, result.error as BeckonError);
}

export interface AwaitRequest {
  readonly jobId: string;
  readonly runIds: readonly string[];
  readonly transport: () => Transport;
  readonly timeout: Duration | undefined;
}

/** Waits for runs of one job: inside a run as one durable wait, outside of one over the transport. */
export async function awaitResults<Output, Err>(request: AwaitRequest): Promise<RunResult<Output, Err>[]> {
  const { jobId, runIds, transport, timeout } = request;
  const timeoutMs = timeout === undefined ? undefined : toMs(timeout, "timeout");
  const scope = currentRunScope();
  const results = scope
    ? await scope.results({ jobId, runIds, timeoutMs })
    : await Promise.all(runIds.map((runId) => transport().result({ jobId, runId, timeoutMs })));
  // The one cast where results meet their types: the job's schema and definition vouch for them.
  return results as RunResult<Output, Err>[];
}
