import type { InvokeOptions } from "@beckon/core";
import { NotAllowedError, type RunListQuery } from "@beckon/core/runtime";

/** What a caller is about to do. */
export type Action = "invoke" | "read" | "cancel" | "replay" | "retry" | "pause" | "resume" | "signal";

export interface AuthorizeRequest<Context> {
  /** The host's context of this call. */
  readonly ctx: Context;
  /** null for what is about no one job: `runs.list` without a job, `runs.sendSignal`. */
  readonly job: { readonly id: string } | null;
  readonly action: Action;
  /** The run that is named; null where none is, or where it is not there, as the caller is told then. */
  readonly run: AskedRun | null;
  /** The options of each run that is to be made, as the caller gives them; empty where none is made but by `replay`, which takes those of `run`. */
  readonly invocations: readonly InvokeOptions[];
  /** Which runs are listed: by `runs.list`, and of a job the newest by `catalog.get`; null for all else. */
  readonly query: RunListQuery | null;
}

/** What there is to decide by of a run. */
export interface AskedRun {
  readonly id: string;
  readonly accountId: string | null;
  readonly tags: readonly string[];
}

/** What is left out is not part of the call. */
export type Question<Context> = Pick<AuthorizeRequest<Context>, "ctx" | "job" | "action"> &
  Partial<Pick<AuthorizeRequest<Context>, "run" | "invocations" | "query">>;

/**
 * Decides per call. `false` refuses it with FORBIDDEN; a TRPCError thrown here goes to the caller as it is. One with the code
 * INTERNAL_SERVER_ERROR, as every other error, is a failure of the server: its message is for the log.
 */
export type Authorize<Context> = (request: AuthorizeRequest<Context>) => boolean | Promise<boolean>;

/** @throws NotAllowedError when `authorize` refuses; without one every call is allowed. */
export async function checkAllowed<Context>(
  authorize: Authorize<Context> | undefined,
  request: Question<Context>,
): Promise<void> {
  if (authorize === undefined || (await authorize({ run: null, invocations: [], query: null, ...request }))) return;
  const subject = request.job === null ? "this" : `job "${request.job.id}"`;
  throw new NotAllowedError(
    `You are not allowed to ${request.action} ${subject}: ask whoever runs this server for the right.`,
  );
}
