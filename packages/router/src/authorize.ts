import { NotAllowedError } from "@beckon/core/runtime";

/** What a caller is about to do. */
export type Action = "invoke" | "read" | "cancel" | "replay" | "retry" | "pause" | "resume" | "signal";

export interface AuthorizeRequest<Context> {
  /** The host's context of this call. */
  readonly ctx: Context;
  /** null for what is about no one job: `runs.list` without a job, `runs.sendSignal`. */
  readonly job: { readonly id: string } | null;
  readonly action: Action;
}

/**
 * Decides per call. `false` refuses it with FORBIDDEN; a TRPCError thrown here goes to the caller as it is. One with the code
 * INTERNAL_SERVER_ERROR, as every other error, is a failure of the server: its message is for the log.
 */
export type Authorize<Context> = (request: AuthorizeRequest<Context>) => boolean | Promise<boolean>;

/** @throws NotAllowedError when `authorize` refuses; without one every call is allowed. */
export async function checkAllowed<Context>(
  authorize: Authorize<Context> | undefined,
  request: AuthorizeRequest<Context>,
): Promise<void> {
  if (authorize === undefined || (await authorize(request))) return;
  const subject = request.job === null ? "this" : `job "${request.job.id}"`;
  throw new NotAllowedError(
    `You are not allowed to ${request.action} ${subject}: ask whoever runs this server for the right.`,
  );
}
