import type { RunStatus } from "@beckon/core";
import type { Engine } from "@beckon/engine";

/** Resolves when the run has had this status, `times` times. */
export async function untilStatus(
  engine: Engine,
  { runId, status, times }: { readonly runId: string; readonly status: RunStatus; readonly times: number },
): Promise<void> {
  let left = times;
  for await (const event of engine.events({ runId })) {
    if (event.type === "status" && event.status === status) left -= 1;
    if (left === 0) return;
  }
  throw new Error(`Run ${runId} ended without having been ${status} ${times} times.`);
}
