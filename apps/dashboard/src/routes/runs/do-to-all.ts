import type { RunSummary } from "@beckon/core/runtime";
import { beckon } from "../../api/jobs-client.ts";
import { type BulkAction, type BulkOutcome, toOutcome } from "./bulk-actions.ts";

/** Does it to each; one that refuses keeps no other back. */
export async function doToAll(action: BulkAction, runs: readonly RunSummary[]): Promise<BulkOutcome> {
  const ids = runs.map(({ id }) => id);
  return toOutcome(ids, await Promise.allSettled(ids.map((id) => beckon.runs[action]({ id }))));
}
