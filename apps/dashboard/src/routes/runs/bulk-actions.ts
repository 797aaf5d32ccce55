import { canTransition, type RunStatus } from "@beckon/core/runtime";
import type { RunSummary } from "@beckon/engine";
import { beckon } from "../../api/jobs-client.ts";

export type BulkAction = "cancel" | "replay" | "retry";

interface BulkActionText {
  readonly verb: string;
  readonly past: string;
  /** What the confirmation says will happen. */
  readonly consequence: string;
}

export const BULK_ACTIONS: Readonly<Record<BulkAction, BulkActionText>> = {
  cancel: {
    verb: "Cancel",
    past: "canceled",
    consequence: "They end at once, and with them every unfinished run they made that is not detached.",
  },
  replay: { verb: "Replay", past: "replayed", consequence: "Each is run again as a new run with the same payload." },
  retry: {
    verb: "Retry",
    past: "opened again",
    consequence: "Each goes on as its next attempt: finished tasks are kept, failed ones are done again.",
  },
};

/** What may be done with a run, by the one table of transitions. */
export function mayDo(action: BulkAction, status: RunStatus): boolean {
  if (action === "replay") return true;
  return canTransition(action === "cancel" ? "cancel" : "retry by hand", status);
}

export interface BulkOutcome {
  readonly done: number;
  readonly problems: readonly string[];
}

/** Does it to each; one that refuses keeps no other back. */
export async function doToAll(action: BulkAction, runs: readonly RunSummary[]): Promise<BulkOutcome> {
  const settled = await Promise.allSettled(runs.map(({ id }) => beckon.runs[action]({ id })));
  const problems = settled.flatMap((one) =>
    one.status === "rejected" ? [String(one.reason?.message ?? one.reason)] : [],
  );
  return { done: settled.length - problems.length, problems };
}

/** One sentence for people. */
export function tellOutcome(action: BulkAction, { done, problems }: BulkOutcome): string {
  const { past } = BULK_ACTIONS[action];
  const success = `${done} ${done === 1 ? "run" : "runs"} ${past}`;
  return problems.length === 0 ? `${success}.` : `${success}, ${problems.length} not: ${problems[0]}`;
}
