import { decode } from "@beckon/core/runtime";
import { digestOf } from "./digest.ts";
import type { EngineInvokeRequest } from "./engine.ts";
import { keyConflict } from "./key-conflict.ts";
import type { NewRun } from "./store/records.ts";
import type { Store } from "./store/store.ts";

interface Repeated {
  readonly request: EngineInvokeRequest;
  /** What this one would have made. */
  readonly runs: readonly NewRun[];
  /** What it is answered with: the runs that the first one made. */
  readonly ids: readonly string[];
}

/**
 * A request that comes again is answered as the first time, and so has to be the same: of another one, whose id somebody has minted
 * badly, the work would be lost without a word. What the first one brought is read from its runs, so that a request that comes once,
 * as nearly all do, costs nothing more. Of runs whose retention is over it is not known any more.
 * @throws IdempotencyConflictError
 */
export async function checkRepeated({ request, runs, ids }: Repeated, store: Store): Promise<readonly string[]> {
  const { jobId, isBatch } = request;
  const [firstId = ""] = ids;
  if (ids.length !== runs.length) throw keyConflict({ jobId, runId: firstId, what: "request id" });
  const known = await store.readRuns(ids);
  const index = known.findIndex((run, at) => run !== null && !isSame(run.input, runs[at]?.input ?? ""));
  if (index === -1) return ids;
  throw keyConflict({
    jobId,
    runId: ids[index] ?? firstId,
    index: isBatch ? index : undefined,
    what: "request id",
  });
}

/** By their texts, and where these differ as idempotency keys compare payloads: in any order of the properties. */
function isSame(text: string, other: string): boolean {
  return text === other || digestOf(decode(text)) === digestOf(decode(other));
}
