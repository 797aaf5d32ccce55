import type { RunResult } from "@beckon/core/runtime";
import type { Engine } from "@beckon/engine";
import type { PendingResult } from "./job-router.ts";

/** How long an answer waits for the end of a run: below the half minute after which proxies give up. */
const RESULT_WAIT_MS = 25_000;

/** How the run ended, or that it has not yet: the caller then asks again. */
export async function awaitResult(
  engine: Engine,
  request: { readonly runId: string; readonly signal: AbortSignal | undefined },
): Promise<RunResult<unknown, unknown> | PendingResult> {
  return (await engine.result({ ...request, timeoutMs: RESULT_WAIT_MS })) ?? { pending: true };
}
