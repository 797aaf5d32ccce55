import * as errors from "./errors.ts";
import type { OperationError } from "./errors.ts";

/** An OperationError as it crosses a wire: its code, its message and its own fields, such as `issues` or `runId`. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Every error that a server may answer with, by its code. A new OperationError gets its line here. */
const CLASSES = {
  INVALID_DEFINITION: errors.DefinitionError,
  INVALID_PAYLOAD: errors.InvalidPayloadError,
  IDEMPOTENCY_CONFLICT: errors.IdempotencyConflictError,
  INVALID_OPTION: errors.InvalidOptionError,
  UNSERIALIZABLE_VALUE: errors.UnserializableValueError,
  WAIT_TIMEOUT: errors.WaitTimeoutError,
  NOT_CONNECTED: errors.NotConnectedError,
  NOT_FOUND: errors.NotFoundError,
  JOB_DISABLED: errors.JobDisabledError,
  RUN_STATE: errors.RunStateError,
  DUPLICATE_STEP_KEY: errors.DuplicateStepKeyError,
  STEP_MISMATCH: errors.StepMismatchError,
  WAIT_CYCLE: errors.WaitCycleError,
  NOT_ALLOWED: errors.NotAllowedError,
  UNAVAILABLE: errors.UnavailableError,
} as const;

/** The codes that `fromWireError` knows. */
export type WireErrorCode = keyof typeof CLASSES;

/** Writes an error for the wire: no stack and no cause leave the process, nor fields that say nothing, such as no `index`. */
export function toWireError(error: OperationError): WireError {
  const { name: _name, ...fields } = error;
  const said = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(said), code: error.code, message: error.message };
}

/**
 * Builds the same error again, of the same class, so that `instanceof` and `code` hold on both sides.
 * Returns undefined for what is no such error, or is one of a newer server's.
 */
export function fromWireError(wire: unknown): OperationError | undefined {
  if (!isWireError(wire)) return undefined;
  // Not through their own constructors: those write messages from their arguments, and this message is already written.
  const error: OperationError = Reflect.construct(errors.OperationError, [wire.message], CLASSES[wire.code]);
  // V8 begins a stack above the constructor of the class, which was not called, and so leaves out everything. Begun here, it goes on
  // to the line that awaits the refused call.
  (Error as StackCapture).captureStackTrace?.(error, fromWireError);
  return Object.assign(error, wire);
}

/** What V8 has, and other engines may not. */
interface StackCapture {
  readonly captureStackTrace?: (error: object, above: unknown) => void;
}

function isWireError(value: unknown): value is WireError & { readonly code: WireErrorCode } {
  if (typeof value !== "object" || value === null) return false;
  const { code, message }: { code?: unknown; message?: unknown } = value;
  return typeof message === "string" && typeof code === "string" && Object.hasOwn(CLASSES, code);
}
