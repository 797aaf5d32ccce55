import { type RunEvent, UnavailableError } from "@beckon/core/runtime";
import { inOneStream } from "./in-one-stream.ts";
import { checkRunCall, type RouterParts } from "./router-parts.ts";
import { toTRPCError } from "./trpc-errors.ts";

export interface FollowInput {
  readonly runs: readonly FollowedRun[];
}

interface FollowedRun {
  readonly id: string;
  /** The `seq` of the last event seen; without it none is told of, only that there are no more. */
  readonly after?: number | undefined;
}

/** What happened to one of the runs, by its place in the input. */
export interface FollowedEvent {
  readonly index: number;
  /** null: nothing more is told of this run. It has ended, or the caller may not see it: asking for it tells which. */
  readonly event: RunEvent | null;
}

interface FollowCall {
  readonly ctx: object;
  readonly signal: AbortSignal | undefined;
}

/** Follows many runs in one answer: a browser has six connections to a server, and a page may show more runs. */
export async function* followRuns(
  parts: RouterParts,
  { runs }: FollowInput,
  { ctx, signal }: FollowCall,
): AsyncGenerator<FollowedEvent, void> {
  const left = new AbortController();
  const over = signal === undefined ? left.signal : AbortSignal.any([signal, left.signal]);
  try {
    yield* inOneStream(runs.map((run, index) => followRun(parts, { ctx, signal: over, run, index })));
  } finally {
    // A caller in this process leaves without a signal, and runs that nobody hears of would be waited for.
    left.abort();
  }
}

async function* followRun(
  parts: RouterParts,
  { ctx, signal, run, index }: FollowCall & { readonly run: FollowedRun; readonly index: number },
): AsyncGenerator<FollowedEvent, void> {
  const { id: runId, after } = run;
  try {
    await checkRunCall(parts, ctx, { runId, action: "read" });
    if (after === undefined) await parts.engine().result({ runId, timeoutMs: Number.POSITIVE_INFINITY, signal });
    else for await (const event of parts.engine().events({ runId, after, signal })) yield { index, event };
  } catch (error) {
    // The server stops, and tells nothing more of any run: who is told so comes back.
    if (error instanceof UnavailableError) throw toTRPCError(error);
    // One run must not end the others, and whoever then asks for this one is told what is wrong with it.
  }
  yield { index, event: null };
}
