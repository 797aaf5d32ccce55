/** Four classes to each doubling: what is told of a class is off by less than a tenth. */
const PER_DOUBLING = 4;

/** Durations are counted by class, so that percentiles of millions of runs need no list of them. */
export function durationClassOf(ms: number): number {
  return Math.floor(Math.log2(Math.max(ms, 0) + 1) * PER_DOUBLING);
}

/** The duration in the middle of a class. */
export function durationOfClass(durationClass: number): number {
  return 2 ** ((durationClass + 0.5) / PER_DOUBLING) - 1;
}

/** How many there are of each class. */
export type DurationCounts = ReadonlyMap<number, number>;

/** The duration that `part` (0 to 1) of them do not exceed, to about a tenth; null when there are none. */
export function percentileOf(counts: DurationCounts, part: number): number | null {
  const classes = [...counts].toSorted(([one], [other]) => one - other);
  const total = classes.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [durationClass, count] of classes) {
    seen += count;
    if (seen >= total * part) return durationOfClass(durationClass);
  }
  return null;
}
