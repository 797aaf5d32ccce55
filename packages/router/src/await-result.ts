import type { RunResult } from "@beckon/core/runtime";
import type { Engine } from "@beckon/engine";
import type { PendingResult, ResultInput } from "./call-shapes.ts";
import { RESULT_WAIT_MS } from "./procedure-inputs.ts";

/** How the run ended, or that it has not yet: the caller then asks again. */
export async function awaitResult(
  engine: Engine,
  { id, timeoutMs = RESULT_WAIT_MS }: ResultInput,
  signal: AbortSignal | undefined,
): Promise<RunResult<unknown, unknown> | PendingResult> {
  return (await engine.result({ runId: id, timeoutMs, signal })) ?? { pending: true };
}
