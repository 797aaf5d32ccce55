import type { StepOutline } from "@beckon/core/runtime";

/** A step in its place: below which it lies, and whether anything lies below it. */
export interface StepRow {
  readonly step: StepOutline;
  /** The step that it is shown below; null: the run itself. */
  readonly below: string | null;
  /** 1 for the steps of the run itself. */
  readonly level: number;
  readonly hasChildren: boolean;
}

/** What a step lies in may be no step of its own, as an `onError` of a task: then the nearest around it that is one. */
function findKnown(id: string | null, known: ReadonlySet<string>): string | null {
  if (id === null || known.has(id)) return id;
  const end = id.lastIndexOf("/");
  return findKnown(end < 0 ? null : id.slice(0, end), known);
}

/** Lays the steps out as an outline, in the order they happened, without what is folded away. */
export function toStepRows(steps: readonly StepOutline[], folded: ReadonlySet<string>): readonly StepRow[] {
  const known = new Set(steps.map(({ id }) => id));
  const inside = Map.groupBy(steps, ({ parentId }) => findKnown(parentId, known));
  const rows: StepRow[] = [];
  // A stack, not recursion: how deep a job nests its steps is its own affair.
  const place = (below: string | null, level: number) =>
    (inside.get(below) ?? []).toReversed().map((step) => ({ step, below, level }));
  const open = place(null, 1);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id } = next.step;
    rows.push({ ...next, hasChildren: inside.has(id) });
    if (!folded.has(id)) open.push(...place(id, next.level + 1));
  }
  return rows;
}
