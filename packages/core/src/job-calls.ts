import type { BatchItem, InvokeAndWaitOptions, InvokeOptions } from "./invoke-options.ts";
import type { Run } from "./run-handle.ts";
import type { RunResult } from "./run-result.ts";

/** The arguments of a call: the payload may be left out where the schema's input accepts `undefined`. */
export type InvokeArguments<Input, Options> = undefined extends Input
  ? [payload?: Input, options?: Options]
  : [payload: Input, options?: Options];

/** What can be done with a job from anywhere: the typed client offers the same without the job's code. */
export interface JobCalls<Input, Output, Err> {
  /**
   * Makes a run and resolves once it is on disk. Inside a run this is a durable step: the child is made once
   * however often the parent replays.
   * @throws InvalidPayloadError before anything is stored
   * @throws IdempotencyConflictError
   * @example const run = await job.invoke({ userId: "1" }, { idempotencyKey: "signup-1" });
   */
  invoke(...args: InvokeArguments<Input, InvokeOptions>): Promise<Run<Output, Err>>;
  /** `invoke`, then the run's `result`. @throws WaitTimeoutError when `options.timeout` is over first; the run goes on. */
  invokeAndWait(...args: InvokeArguments<Input, InvokeAndWaitOptions>): Promise<RunResult<Output, Err>>;
  /**
   * Makes up to 1,000 runs in one transaction, all or none; handles in the order of the items. The error of a refused item has
   * its `index`.
   * @throws InvalidPayloadError @throws IdempotencyConflictError
   * @example const runs = await job.batchInvoke([{ payload: { userId: "1" } }, { payload: { userId: "2" } }]);
   */
  batchInvoke(items: readonly BatchItem<Input>[]): Promise<Run<Output, Err>[]>;
  /** `batchInvoke`, then all results in the order of the items; a failed run is a value among them. @throws WaitTimeoutError */
  batchInvokeAndWait(
    items: readonly BatchItem<Input>[],
    options?: { readonly timeout?: InvokeAndWaitOptions["timeout"] },
  ): Promise<RunResult<Output, Err>[]>;
  /** The handle of a run that was made before. Whether it exists shows when it is used. */
  run(id: string): Run<Output, Err>;
}
