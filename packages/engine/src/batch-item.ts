import { IdempotencyConflictError, InvalidOptionError, InvalidPayloadError } from "@beckon/core/runtime";
import { conflictOfItem } from "./key-conflict.ts";

/** The refusal of one call, as that of an item of a batch: it names the index. */
export function asRefusalOfItem(error: unknown, index: number | undefined): unknown {
  if (index === undefined) return error;
  if (error instanceof InvalidPayloadError) return new InvalidPayloadError(error.jobId, error.issues, index);
  if (error instanceof InvalidOptionError) return error.of({ index });
  if (error instanceof IdempotencyConflictError) return conflictOfItem(error, index);
  return error;
}
