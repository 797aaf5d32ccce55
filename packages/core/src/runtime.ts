/**
 * The second door of this package: what the engine, the stores, the router and the clients are built from.
 * Authors of jobs need nothing here.
 */
export { canonicalText } from "./canonical-text.ts";
export { annotate, type Annotated, asDecoded, decode, encode, restore } from "./codec.ts";
export { type CallPlace, remotePlace } from "./call-place.ts";
export { connectedTransport, setDefaultTransport } from "./connections.ts";
export { createErrorConstructors, DeclaredFailure } from "./declared-errors.ts";
export { instantAfter, toInstant, toMs } from "./duration.ts";
export * from "./errors.ts";
export { BATCH_LIMIT, type StepKey } from "./invoke-options.ts";
export type * from "./io.ts";
export { bindJob, connectJob, createJobCalls, transportOf } from "./job.ts";
export type { InvokeArguments, JobCalls } from "./job-calls.ts";
export type { JobDefinition } from "./job-definition.ts";
export { fromJsonOptions } from "./json-options.ts";
export { refuseUnknownOptions } from "./known-options.ts";
export { restoreForeign } from "./restore-foreign.ts";
export { type RetryPolicy, retryDelayMs, toRetryPolicy } from "./retry.ts";
export { AbortReason, type EnvironmentType, type RunContext, type RunNotification } from "./run-context.ts";
export type * from "./run-event.ts";
export type * from "./run-explanation.ts";
export { createRun } from "./run-handle.ts";
export type * from "./run-result.ts";
export { currentRunScope, installRunScope, type RunScope } from "./run-scope.ts";
export * from "./run.ts";
export { describeValue, formatIssues, type Issue, type Parsed, parseWith, type Schema, toRefusal } from "./schema.ts";
export { ENVELOPE_DEPTH, inspectValue } from "./serializable.ts";
export type { InvokeAndWaitRequest, InvokeItem, InvokeRequest, ResultRequest, Transport } from "./transport.ts";
export { compareVersions } from "./version.ts";
export { fromWireError, toWireError, type WireError, type WireErrorCode } from "./wire-error.ts";
export type * from "./views/activity-views.ts";
export type * from "./views/job-views.ts";
export type * from "./views/run-views.ts";
export type * from "./views/server-calls.ts";
