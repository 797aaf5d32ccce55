import {
  type Issue,
  OperationError,
  toWireError,
  UnavailableError,
  type WireError,
  type WireErrorCode,
} from "@beckon/core/runtime";
import { StoreUnavailableError } from "@beckon/engine";
import { type TRPC_ERROR_CODE_KEY, type TRPCDefaultErrorShape, TRPCError } from "@trpc/server";

/** Which tRPC code, and so which HTTP status, each refusal has. The only such table. */
const TRPC_CODES: Readonly<Record<WireErrorCode, TRPC_ERROR_CODE_KEY>> = {
  INVALID_PAYLOAD: "BAD_REQUEST",
  INVALID_OPTION: "BAD_REQUEST",
  UNSERIALIZABLE_VALUE: "BAD_REQUEST",
  NOT_ALLOWED: "FORBIDDEN",
  JOB_DISABLED: "FORBIDDEN",
  NOT_FOUND: "NOT_FOUND",
  WAIT_TIMEOUT: "TIMEOUT",
  IDEMPOTENCY_CONFLICT: "CONFLICT",
  RUN_STATE: "CONFLICT",
  DUPLICATE_STEP_KEY: "CONFLICT",
  STEP_MISMATCH: "CONFLICT",
  WAIT_CYCLE: "CONFLICT",
  UNAVAILABLE: "SERVICE_UNAVAILABLE",
  NOT_CONNECTED: "SERVICE_UNAVAILABLE",
  INVALID_DEFINITION: "INTERNAL_SERVER_ERROR",
};

const UNEXPECTED = "Something failed inside the server; its log says what.";

/** Gives an error its tRPC code. What is neither ours nor tRPC's keeps its message inside, as the cause. */
export function toTRPCError(error: unknown): TRPCError {
  if (isTRPCError(error) && !isWrapping(error)) return error;
  // A host throws such errors, too, without a cause: then the error itself is what the log is told.
  const cause = fromTRPCError(error);
  if (cause instanceof OperationError) return new TRPCError({ code: codeOf(cause), message: cause.message, cause });
  if (cause instanceof StoreUnavailableError) return toTRPCError(new UnavailableError(cause.message, { cause }));
  if (isTRPCError(error) && error.code === "BAD_REQUEST") return error;
  return new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: UNEXPECTED, cause });
}

/** Also an error of the host's own copy of tRPC, as tRPC itself knows them. */
function isTRPCError(error: unknown): error is TRPCError {
  return error instanceof TRPCError || (error instanceof Error && error.name === "TRPCError" && "code" in error);
}

/** tRPC wraps what a resolver throws as the one, and what the parser of an input throws as the other. */
function isWrapping({ code }: TRPCError): boolean {
  return code === "INTERNAL_SERVER_ERROR" || code === "BAD_REQUEST";
}

/** By which the host says that it failed, and nothing about the caller. */
const FAILURES: ReadonlySet<TRPC_ERROR_CODE_KEY> = new Set([
  "INTERNAL_SERVER_ERROR",
  "NOT_IMPLEMENTED",
  "BAD_GATEWAY",
  "SERVICE_UNAVAILABLE",
  "GATEWAY_TIMEOUT",
  "TIMEOUT",
]);

/** Whether the caller may not do this, as `authorize` says by `false` or the host by an error of tRPC's; all else is a failure. */
export function isRefusedCaller(error: unknown): boolean {
  return !FAILURES.has(toTRPCError(error).code);
}

function codeOf({ code }: OperationError): TRPC_ERROR_CODE_KEY {
  return (TRPC_CODES as Readonly<Record<string, TRPC_ERROR_CODE_KEY>>)[code] ?? "INTERNAL_SERVER_ERROR";
}

/** What an error that came through the router's caller was before tRPC wrapped it. */
export function fromTRPCError(error: unknown): unknown {
  return isTRPCError(error) ? (error.cause ?? error) : error;
}

/** What our errors tell beyond tRPC's own fields. */
export interface BeckonErrorData {
  /** From which a client builds the OperationError again; null for errors that are not Beckon's. */
  readonly beckon: WireError | null;
  /** What is wrong with a payload, and where. */
  readonly issues?: readonly Issue[];
}

export type WithBeckonData<Shape extends TRPCDefaultErrorShape> = Omit<Shape, "data"> & {
  readonly data: Shape["data"] & BeckonErrorData;
};

/**
 * The error formatter of the derived router, and of a host that mounts it. No stack leaves the server. A
 * host with a formatter of its own calls this one on its shape:
 *
 * @example initTRPC.create({ transformer: superjson, errorFormatter: beckonErrorFormatter });
 */
export function beckonErrorFormatter<Shape extends TRPCDefaultErrorShape>(options: {
  readonly shape: Shape;
  readonly error: TRPCError;
}): WithBeckonData<Shape> {
  const { shape, error } = options;
  const { stack: _stack, ...data } = shape.data;
  const cause = error.cause instanceof OperationError ? error.cause : null;
  const beckon = cause === null ? null : toWireError(cause);
  const issues =
    beckon !== null && Array.isArray(beckon["issues"]) ? { issues: beckon["issues"] as readonly Issue[] } : {};
  const message = cause === null ? toldOfJobs(error.code, shape.message) : shape.message;
  return { ...shape, message, data: { ...data, beckon, ...issues } };
}

/** tRPC names the procedure that it does not know, and its caller knows of jobs. What failed inside is told nobody. */
function toldOfJobs(code: TRPC_ERROR_CODE_KEY, message: string): string {
  if (code === "INTERNAL_SERVER_ERROR") return UNEXPECTED;
  const name = code === "NOT_FOUND" ? MISSING_JOB.exec(message)?.[1] : undefined;
  if (name === undefined) return message;
  return (
    `This server exports no job "${name}": it may run another version than its caller was made for, or export the job under ` +
    "another name; catalog.list names those there are."
  );
}

/** Wherever a host has mounted the router. */
const MISSING_JOB =
  /^No procedure found on path "(?:.*\.)?jobs\.([^".]+)\.(?:invoke|invokeAndWait|batchInvoke|result)"$/;
