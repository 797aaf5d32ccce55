import type { CallPlace } from "./call-place.ts";
import { type Duration, toMs } from "./duration.ts";
import { JobError } from "./errors.ts";
import type { RunEvent } from "./run-event.ts";
import type { RunExplanation } from "./run-explanation.ts";
import type { BeckonError, DeclaredError, RunResult } from "./run-result.ts";
import type { InvokeAndWaitRequest } from "./transport.ts";

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
  /**
   * What happens to the run, each event once and in order, until it has ended; resumes after a dropped connection. `after`:
   * the `seq` of the last event seen. `signal` ends it quietly.
   * @example for await (const event of run.events()) if (event.type === "status") console.log(event.status);
   */
  events(options?: {
    readonly after?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): AsyncIterable<RunEvent>;
  /**
   * Ends the run at once, and every unfinished run it made but `detached` ones. Its function sees `ctx.signal` abort.
   * Inside a run it is a durable step, and one that is canceled already is no error.
   * @throws RunStateError when it is finished.
   */
  cancel(): Promise<void>;
  /** Why the run is not finished: `summary` for people, `reasons` for programs. */
  explain(): Promise<RunExplanation>;
}

/** Where a handle's run lives: its job, and the place from which it is reached. */
export interface RunAddress {
  readonly jobId: string;
  readonly runId: string;
  readonly place: CallPlace;
}

/** Makes the handle of a run. The caller states the types: this is where the dynamic meets the typed. */
export function createRun<Output, Err>(address: RunAddress): Run<Output, Err> {
  const { jobId, runId, place } = address;
  const awaitEnd = (options?: WaitOptions): Promise<AnyResult> =>
    awaitResult({ jobId, runId, place }, toTimeoutMs(options?.timeout));
  return {
    id: runId,
    // Async, so that a handle without a connection rejects rather than throws.
    result: async (options) => asResult(await awaitEnd(options)),
    output: async (options) => outputOf(asResult<Output, Err>(await awaitEnd(options))),
    async *events({ after = 0, signal } = {}) {
      for await (const event of place.transport().events(runId, { after, signal })) {
        // Many may have come at once.
        if (signal?.aborted) return;
        yield event;
      }
    },
    cancel: async () => {
      const scope = place.scope();
      return scope === undefined ? place.transport().cancel(runId) : scope.cancel({ jobId, runId });
    },
    explain: async () => place.transport().explain(runId),
  };
}

function outputOf<Output, Err>(result: RunResult<Output, Err>): Output {
  if (result.ok) return result.output;
  throw new JobError(result.id, result.error as BeckonError | DeclaredError);
}

/** @throws InvalidOptionError, before a run is made that nobody could wait for. */
export function toTimeoutMs(timeout: Duration | undefined): number | undefined {
  return timeout === undefined ? undefined : toMs(timeout, "timeout");
}

type AnyResult = RunResult<unknown, unknown>;

/** Waits for a run: inside a run as a durable wait, outside of one over the transport. */
function awaitResult({ jobId, runId, place }: RunAddress, timeoutMs: number | undefined): Promise<AnyResult> {
  const scope = place.scope();
  if (scope === undefined) return place.transport().result({ jobId, runId, timeoutMs });
  return scope.results({ jobId, runIds: [runId], timeoutMs }).then(([result]) => result as AnyResult);
}

/** Makes a run and waits for it, inside a run as two durable steps. */
export async function invokeAndAwait(request: InvokeAndWaitRequest, place: CallPlace): Promise<AnyResult> {
  const scope = place.scope();
  if (scope === undefined) return place.transport().invokeAndWait(request);
  const { jobId, item, timeoutMs } = request;
  const runIds = await scope.invoke({ jobId, items: [item], isBatch: false });
  const [result] = await scope.results({ jobId, runIds, timeoutMs });
  return result as AnyResult;
}

/** The one cast where results meet their types: the job's schema and definition vouch for them. */
export function asResult<Output, Err>(result: AnyResult): RunResult<Output, Err> {
  return result as RunResult<Output, Err>;
}

export interface AwaitRequest {
  readonly jobId: string;
  readonly runIds: readonly string[];
  readonly place: CallPlace;
  readonly timeoutMs: number | undefined;
}

/** Waits for runs of one job; inside a run it is one durable wait for all of them. */
export async function awaitResults<Output, Err>(request: AwaitRequest): Promise<RunResult<Output, Err>[]> {
  const { jobId, runIds, place, timeoutMs } = request;
  const scope = place.scope();
  const results = scope
    ? await scope.results({ jobId, runIds, timeoutMs })
    : await Promise.all(runIds.map((runId) => place.transport().result({ jobId, runId, timeoutMs })));
  return results.map((result) => asResult<Output, Err>(result));
}
