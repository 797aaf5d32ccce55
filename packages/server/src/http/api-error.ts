import { type Issue, OperationError, toWireError } from "@beckon/core/runtime";
import { toTRPCError } from "@beckon/router";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";

/** What every refusal of the HTTP surface looks like. */
export interface ApiError {
  readonly error: {
    /** Beckon's own code where it has one, such as `INVALID_PAYLOAD`; tRPC's otherwise, such as `PAYLOAD_TOO_LARGE`. */
    readonly code: string;
    readonly message: string;
    /** What is wrong with a payload, and where. */
    readonly issues?: readonly Issue[];
    /** What else the error of this code says: `index` of a batch's item, `runId` of the run in the way. */
    readonly [field: string]: unknown;
  };
}

/** The status and body that tell an error to an HTTP client. */
export function toApiError(error: unknown): { readonly status: number; readonly body: ApiError } {
  const mapped = toTRPCError(error);
  const { cause, code, message } = mapped;
  const fields = cause instanceof OperationError ? toWireError(cause) : { code, message };
  return { status: getHTTPStatusCodeFromError(mapped), body: { error: fields } };
}
