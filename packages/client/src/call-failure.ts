import { fromWireError, NotAllowedError, NotFoundError, OperationError, UnavailableError } from "@beckon/core/runtime";
import type { AnswerHeaders } from "./exchange.ts";

/**
 * A call that failed, as the code that may repeat it needs to know it; callers of the client see `error`.
 * `refused`: the server said no. `unavailable`: it said that it did nothing and to come again, or there is nobody at its
 * address. `lost`: there was no answer, so it may have happened.
 */
export class CallFailure extends Error {
  readonly kind: "refused" | "unavailable" | "lost";
  readonly error: OperationError;
  /** What the server asked to wait; 0 where it did not, or by a date that is over by the clock of this computer. */
  readonly retryAfterMs: number;
  /** false: somebody else said so, such as a gateway, or tRPC of what it does not know. */
  readonly isOurs: boolean;

  constructor(
    kind: CallFailure["kind"],
    error: OperationError,
    { retryAfterMs = 0, isOurs = false }: Partial<Pick<CallFailure, "retryAfterMs" | "isOurs">> = {},
  ) {
    super(error.message);
    this.kind = kind;
    this.error = error;
    this.retryAfterMs = retryAfterMs;
    this.isOurs = isOurs;
  }
}

/** The server refused for a reason that has no class of its own; `status` is that of HTTP. */
export class RequestError extends OperationError {
  static override readonly name: string = "RequestError";
  readonly code = "REQUEST_FAILED";
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** The connection failed before there was an answer. `server`: as the connection describes it. */
export function lostCall(server: string, cause: unknown): CallFailure {
  const error = new UnavailableError(`${server.replace("the", "The")} could not be reached: ${whyOf(cause)}.`, {
    cause,
  });
  return new CallFailure(isUnsent(cause) ? "unavailable" : "lost", error);
}

/** Whether nothing was sent, as nobody is at the address, or nobody knows it. Only Node says so. */
function isUnsent(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: string; readonly cause?: unknown };
  return /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$/.test(code ?? "") || (cause instanceof Error && isUnsent(cause));
}

/** What ended a stream: one that breaks is a lost answer; what the server or `withRetries` says, and what makes no sense, stays as it is. */
export function toFailure(error: unknown, server: string): unknown {
  if (error instanceof UnavailableError) return new CallFailure("unavailable", error);
  const isTold = error instanceof CallFailure || error instanceof OperationError || error instanceof SyntaxError;
  return isTold ? error : lostCall(server, error);
}

/** `fetch` says only that it failed, and why in its cause; where a name has several addresses, each failed for a reason. */
function whyOf(error: unknown): string {
  const { message, cause, errors } = error as Partial<AggregateError>;
  const own = message || (errors?.[0] === undefined ? "no reason was given" : whyOf(errors[0]));
  return cause instanceof Error ? `${own}, ${whyOf(cause)}` : own;
}

/** What the server answers in place of a result. */
export interface Refusal {
  readonly status: number;
  /** Whatever stands where a server of ours says why. */
  readonly message?: unknown;
  /** Beckon's own error, where it is one. */
  readonly wire?: unknown;
  readonly headers?: AnswerHeaders | undefined;
}

/** Said of an answer that no server of ours gives. */
const NOT_OURS = "The answer is not that of a Beckon server: check its url.";

export function refusedCall({ status, message, wire, headers }: Refusal): CallFailure {
  const own = fromWireError(wire);
  const error = own ?? byStatus(status, typeof message === "string" ? message : NOT_OURS);
  // In a stream there is no status but that of the stream.
  const kind = error.code === "UNAVAILABLE" && kindOf(status) === "refused" ? "unavailable" : kindOf(status);
  return new CallFailure(kind, error, { retryAfterMs: readRetryAfter(headers), isOurs: own !== undefined });
}

/** A gateway answers in the server's place, or the server that it can do nothing. */
export function isAway(status: number): boolean {
  return kindOf(status) !== "refused";
}

function kindOf(status: number): CallFailure["kind"] {
  if (status === 503) return "unavailable";
  return status === 502 || status === 504 ? "lost" : "refused";
}

function byStatus(status: number, message: string): OperationError {
  if (status === 401 || status === 403) return new NotAllowedError(message);
  if (status === 404) return new NotFoundError(message);
  return kindOf(status) === "refused" ? new RequestError(message, status) : new UnavailableError(message);
}

/** `Retry-After` in seconds or as a date. */
function readRetryAfter(headers: AnswerHeaders | undefined): number {
  const text = headers?.get("retry-after") ?? "";
  return Math.max((/^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now()) || 0, 0);
}
