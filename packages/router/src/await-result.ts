import type { RunResult } from "@beckon/core/runtime";
import type { Engine } from "@beckon/engine";
import type { PendingResult, ResultInput } from "./call-shapes.ts";
import { RESULT_WAIT_MS } from "./procedure-inputs.ts";

/** How the run ended, or that it has not yet: the caller then asks again. Where a job is named, a run of another one is not found. */
export async function awaitResult(
  engine: Engine,
  { id, jobId, timeoutMs = RESULT_WAIT_MS }: ResultInput & { readonly jobId?: string },
  signal: AbortSignal | undefined,
): Promise<RunResult<unknown, unknown> | PendingResult> {
  return (await engine.result({ runId: id, jobId, timeoutMs, signal })) ?? { pending: true };
}
