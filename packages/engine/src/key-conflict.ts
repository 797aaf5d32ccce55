import { IdempotencyConflictError } from "@beckon/core/runtime";

interface Conflict {
  readonly jobId: string;
  /** undefined: none was made, as the key is that of an item before it in the same batch. */
  readonly runId: string | undefined;
  /** Of the item, in a batch. */
  readonly index?: number | undefined;
  /** What is taken. */
  readonly what: "idempotency key" | "request id";
}

/** A key, or an id of a request, that stands for another payload already. */
export function keyConflict({ jobId, runId, index, what }: Conflict): IdempotencyConflictError {
  const holder =
    runId === undefined
      ? `An item before it in the batch has the same ${what}`
      : `The ${what} is taken by run ${runId} of job "${jobId}"`;
  const message = `${holder} with a different payload: use another one, or send the same payload.`;
  const conflict = new IdempotencyConflictError(message, { jobId, runId });
  return index === undefined ? conflict : conflictOfItem(conflict, index);
}

/** The same, as that of an item of a batch. */
export function conflictOfItem({ message, jobId, runId }: IdempotencyConflictError, index: number) {
  return new IdempotencyConflictError(`Batch item ${index}: ${message}`, { jobId, runId, index });
}
