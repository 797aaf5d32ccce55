import { canTransition, type RunStatus } from "@beckon/core/runtime";

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

interface RefusedRun {
  readonly id: string;
  readonly reason: string;
}

export interface BulkOutcome {
  readonly done: number;
  readonly refused: readonly RefusedRun[];
}

/** What came of each run, in the order in which it was done to them. */
export function toOutcome(ids: readonly string[], settled: readonly PromiseSettledResult<unknown>[]): BulkOutcome {
  const refused = settled.flatMap((one, index) =>
    one.status === "rejected" ? [{ id: ids[index] ?? "", reason: reasonOf(one) }] : [],
  );
  return { done: settled.length - refused.length, refused };
}

function reasonOf({ reason }: PromiseRejectedResult): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** More would be longer than a screen; the runs themselves stay selected. */
const MOST_TOLD = 5;

/** One sentence for people, and below it a line for each run that refused. */
export function tellOutcome(action: BulkAction, { done, refused }: BulkOutcome): string {
  const success = `${done} ${done === 1 ? "run" : "runs"} ${BULK_ACTIONS[action].past}`;
  if (refused.length === 0) return `${success}.`;
  const still = refused.length === 1 ? "which is still selected" : "which are still selected";
  const lines = refused.slice(0, MOST_TOLD).map(({ id, reason }) => `${id}: ${reason}`);
  const rest = refused.length - lines.length;
  const more = rest > 0 ? [`And ${rest} more.`] : [];
  return [`${success}, ${refused.length} not, ${still}.`, ...lines, ...more].join("\n");
}
