import type { BatchItem, InvokeOptions } from "@beckon/core";

/* What procedures take and give, where it is not the job that says so. */

/** The payload may be left out where the job's schema accepts `undefined`. */
export type InvokeInput<Input> = (undefined extends Input
  ? { readonly payload?: Input }
  : { readonly payload: Input }) & {
  readonly options?: InvokeOptions | undefined;
  /** Minted by the caller: sent again with the same id within 24 h, the call gives the first answer and makes no second run. */
  readonly requestId?: string | undefined;
};

export interface InvokeOutput {
  readonly id: string;
}

export interface BatchInput<Input> {
  readonly items: readonly BatchItem<Input>[];
  readonly requestId?: string | undefined;
}

export interface BatchOutput {
  readonly ids: readonly string[];
}

export interface RunInput {
  readonly id: string;
}

export interface ResultInput extends RunInput {
  /** Of this answer, at most the default of 25,000. */
  readonly timeoutMs?: number | undefined;
}

/** The run had not ended when the answer was due. */
export interface PendingResult {
  readonly pending: true;
}
