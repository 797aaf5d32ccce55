import type { BatchItem, InvokeOptions } from "@beckon/core";
import type { ById } from "@beckon/core/runtime";

/* What procedures take and give, where it is not the job that says so. */

/** A call of `invoke`, whatever its job. */
export interface InvokeCall {
  readonly payload?: unknown;
  readonly options?: InvokeOptions | undefined;
  readonly requestId?: string | undefined;
}

/** The run that was made. */
export type InvokeOutput = ById;

/** A call of `invokeAndWait`, whatever its job. */
export interface InvokeAndWaitCall extends InvokeCall {
  /** Of this answer, at most the default of 25,000. */
  readonly timeoutMs?: number | undefined;
}

/** The run was made, and had not ended when the answer was due. */
export interface PendingRun extends InvokeOutput, PendingResult {}

/** A call of `batchInvoke`, whatever its job. */
export interface BatchCall {
  readonly items: readonly BatchItem<unknown>[];
  readonly requestId?: string | undefined;
}

export interface BatchOutput {
  readonly ids: readonly string[];
}

export interface ResultInput extends ById {
  /** Of this answer, at most the default of 25,000. */
  readonly timeoutMs?: number | undefined;
}

/** The run had not ended when the answer was due. */
export interface PendingResult {
  readonly pending: true;
}
