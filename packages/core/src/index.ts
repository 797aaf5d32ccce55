export { BeckonClient } from "./client.ts";
export type { ConcurrencyLimit } from "./concurrency-limit.ts";
export type { Duration } from "./duration.ts";
export {
  IdempotencyConflictError,
  InvalidPayloadError,
  JobError,
  OperationError,
  WaitTimeoutError,
} from "./errors.ts";
export type { BatchItem, InvokeAndWaitOptions, InvokeOptions } from "./invoke-options.ts";
export type { IO } from "./io.ts";
export type { AnyJob, ErrorOf, InputOf, Job, OutputOf, PayloadOf } from "./job.ts";
export type { RunContext } from "./run-context.ts";
export type { RunEvent } from "./run-event.ts";
export type { Run } from "./run-handle.ts";
export type { DeclaredError, RunResult } from "./run-result.ts";
export type { RunStatus } from "./run.ts";
export { invokeTrigger } from "./trigger.ts";
