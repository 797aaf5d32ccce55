import type { RunSummary } from "@beckon/engine";

/**
 * Of the runs that were picked those that still are, as they are by now. Newer runs push a picked one off the
 * list's end, and it stays picked; one that has its place in the list and is not there no longer fits the filters.
 */
export function findChosen(picked: readonly RunSummary[], listed: readonly RunSummary[]): readonly RunSummary[] {
  const byId = new Map(listed.map((run) => [run.id, run]));
  // The list is in the order of ids, which is that of birth.
  const oldestId = listed.at(-1)?.id ?? "";
  return picked.flatMap((run) => byId.get(run.id) ?? (run.id < oldestId ? [run] : []));
}
