import type { RunSummary } from "@beckon/core/runtime";

interface Listed {
  readonly runs: readonly RunSummary[];
  /** There are older runs that fit the filters, and are not loaded. */
  readonly hasMore: boolean;
}

/**
 * Of the runs that were picked those that still are, as they are by now. Newer runs push a picked one off the
 * list's end, and it stays picked. One that has its place in the list and is not there no longer fits the filters; a
 * list without more to come has a place for every run.
 */
export function findChosen(picked: readonly RunSummary[], { runs, hasMore }: Listed): readonly RunSummary[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  // The list is in the order of ids, which is that of birth.
  const oldestId = hasMore ? (runs.at(-1)?.id ?? "") : "";
  return picked.flatMap((run) => byId.get(run.id) ?? (run.id < oldestId ? [run] : []));
}
