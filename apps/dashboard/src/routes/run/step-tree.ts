import type { StepOutline } from "@beckon/engine";

/** A step in its place: below which it lies, and whether anything lies below it. */
export interface StepRow {
  readonly step: StepOutline;
  /** 1 for the steps of the run itself. */
  readonly level: number;
  readonly hasChildren: boolean;
}

/** Lays the steps out as an outline, in the order they happened, without what is folded away. */
export function toStepRows(steps: readonly StepOutline[], folded: ReadonlySet<string>): readonly StepRow[] {
  const known = new Set(steps.map(({ id }) => id));
  const below = Map.groupBy(steps, ({ parentId }) => (parentId !== null && known.has(parentId) ? parentId : null));
  const rows: StepRow[] = [];
  // A stack, not recursion: how deep a job nests its steps is its own affair.
  const open = (below.get(null) ?? []).toReversed().map((step) => ({ step, level: 1 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { step, level } = next;
    const children = below.get(step.id) ?? [];
    rows.push({ step, level, hasChildren: children.length > 0 });
    if (!folded.has(step.id)) open.push(...children.toReversed().map((child) => ({ step: child, level: level + 1 })));
  }
  return rows;
}
