import type { BeckonError, DeclaredError } from "./run-result.ts";
import { formatIssues, type Issue } from "./schema.ts";

/**
 * What a call to Beckon may reject with. Every subclass has a literal `code`, so that a `catch` can switch
 * over it, also when the error crossed a wire.
 */
export abstract class OperationError extends Error {
  abstract readonly code: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    // Of the subclass, which spells it out: a bundler that shortens names would change it else.
    this.name = new.target.name;
  }
}

/** A definition that cannot work: a bad version, an id used twice, an example its schema refuses. */
export class DefinitionError extends OperationError {
  static override readonly name: string = "DefinitionError";
  readonly code = "INVALID_DEFINITION";
}

/** The payload does not fit the job's schema; nothing was stored. In a batch `index` names the item. */
export class InvalidPayloadError extends OperationError {
  static override readonly name: string = "InvalidPayloadError";
  readonly code = "INVALID_PAYLOAD";
  readonly jobId: string;
  readonly issues: readonly Issue[];
  readonly index: number | undefined;

  constructor(jobId: string, issues: readonly Issue[], index?: number) {
    super(`${inBatch(index)}The payload does not fit job "${jobId}": ${formatIssues(issues, "payload")}`);
    this.jobId = jobId;
    this.issues = issues;
    this.index = index;
  }
}

/** Whose payload it is that the key or id stands for. */
interface KeyHolder {
  readonly jobId: string;
  readonly runId: string | undefined;
  readonly index?: number | undefined;
}

/** The idempotency key, or the request id of a client, belongs to a run with another payload; that run is untouched. */
export class IdempotencyConflictError extends OperationError {
  static override readonly name: string = "IdempotencyConflictError";
  readonly code = "IDEMPOTENCY_CONFLICT";
  readonly jobId: string;
  /** undefined: the key is that of an item before it in the same batch, of which no run was made. */
  readonly runId: string | undefined;
  readonly index: number | undefined;

  constructor(message: string, { jobId, runId, index }: KeyHolder) {
    super(message);
    this.jobId = jobId;
    this.runId = runId;
    this.index = index;
  }
}

/** Whose option it is, where that is not plain from the call: an item of a batch, a job that is being defined, a step of a run. */
export interface OptionOwner {
  readonly index?: number | undefined;
  readonly jobId?: string | undefined;
  /** As a sentence names it, such as `Task "call"`. */
  readonly step?: string | undefined;
  /** What stands on its own in the call has its name from the call's declaration. Default: `"Option"`. */
  readonly kind?: "Option" | "Argument" | undefined;
}

/** There is no such option, or it has a value it cannot have. In a batch `index` names the item; the message names it, the job that is defined, or the step. */
export class InvalidOptionError extends OperationError {
  static override readonly name: string = "InvalidOptionError";
  readonly code = "INVALID_OPTION";
  readonly option: string;
  readonly index: number | undefined;
  readonly #reason: string;

  constructor(option: string, reason: string, owner: OptionOwner = {}) {
    super(`${nameOf(owner)}${owner.kind ?? "Option"} "${option}": ${reason}.`);
    this.option = option;
    this.index = owner.index;
    this.#reason = reason;
  }

  /** The same, with whose option it is. */
  of(owner: OptionOwner): InvalidOptionError {
    return new InvalidOptionError(this.option, this.#reason, owner);
  }
}

/** A value that would not come back from storage as itself: a function, a class instance, an invalid date. */
export class UnserializableValueError extends OperationError {
  static override readonly name: string = "UnserializableValueError";
  readonly code = "UNSERIALIZABLE_VALUE";
  readonly path: string;

  constructor(path: string, kind: string) {
    super(
      `${path} is ${kind}, which cannot be stored: keep plain data, and leave functions, sockets and class instances out.`,
    );
    this.path = path;
  }
}

/** The wait was over before the run ended; the run goes on. */
export class WaitTimeoutError extends OperationError {
  static override readonly name: string = "WaitTimeoutError";
  readonly code = "WAIT_TIMEOUT";
}

/** The job has no server to go to, or more than one. */
export class NotConnectedError extends OperationError {
  static override readonly name: string = "NotConnectedError";
  readonly code = "NOT_CONNECTED";
}

/** There is no such job or run. */
export class NotFoundError extends OperationError {
  static override readonly name: string = "NotFoundError";
  readonly code = "NOT_FOUND";
}

/** The job was defined with `enabled: false`. */
export class JobDisabledError extends OperationError {
  static override readonly name: string = "JobDisabledError";
  readonly code = "JOB_DISABLED";
}

/** The run is in a status that does not allow this: canceling a finished run, retrying one that did not fail. */
export class RunStateError extends OperationError {
  static override readonly name: string = "RunStateError";
  readonly code = "RUN_STATE";
}

/** The same key was used twice in one scope of a run. */
export class DuplicateStepKeyError extends OperationError {
  static override readonly name: string = "DuplicateStepKeyError";
  readonly code = "DUPLICATE_STEP_KEY";
  readonly key: string;

  constructor(message: string, key: string) {
    super(message);
    this.key = key;
  }
}

/** On replay a run made other calls than it recorded, and guessing would swap its children. */
export class StepMismatchError extends OperationError {
  static override readonly name: string = "StepMismatchError";
  readonly code = "STEP_MISMATCH";
}

/** The run would wait for itself, directly or through others, and so never finish. */
export class WaitCycleError extends OperationError {
  static override readonly name: string = "WaitCycleError";
  readonly code = "WAIT_CYCLE";
}

/** The caller may not do this: no key or token, or one without the right. */
export class NotAllowedError extends OperationError {
  static override readonly name: string = "NotAllowedError";
  readonly code = "NOT_ALLOWED";
}

/** The server is draining, its disk is full, or it could not be reached; try again later. */
export class UnavailableError extends OperationError {
  static override readonly name: string = "UnavailableError";
  readonly code = "UNAVAILABLE";
}

/**
 * What `run.output()` throws when the run did not succeed: the recorded error with its code and data. Not generic:
 * after `instanceof` a type argument would be any. `run.result()` gives the same with its types.
 */
export class JobError extends Error {
  readonly code: string;
  readonly runId: string;
  /** The error as it was recorded. */
  readonly error: BeckonError | DeclaredError;

  constructor(runId: string, error: BeckonError | DeclaredError) {
    super(error.message);
    this.name = "JobError";
    this.code = error.code;
    this.runId = runId;
    this.error = error;
  }
}

function nameOf({ index, jobId, step }: OptionOwner): string {
  if (step !== undefined) return `${step}: `;
  return jobId === undefined ? inBatch(index) : `Job "${jobId}": `;
}

function inBatch(index: number | undefined): string {
  return index === undefined ? "" : `Batch item ${index}: `;
}
