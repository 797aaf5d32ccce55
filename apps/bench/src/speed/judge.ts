import { type Spread, spreadOf } from "../scale/median.ts";
import { findResult, type Result } from "./results.ts";
import type { Target } from "./targets.ts";
import type { WorkloadId } from "./workloads/measure-workload.ts";

export interface Verdict {
  readonly title: string;
  readonly wanted: string;
  /** Whether a value is what is wanted. */
  readonly meets: (reached: number) => boolean;
  /** null: not measured in this run. */
  readonly reached: Spread | null;
  readonly isMet: boolean | null;
  /** How many rounds meet it alone, and how many could be compared. */
  readonly rounds: { readonly met: number; readonly compared: number };
  /** What is known of it, where it was missed. */
  readonly shortfall: string | null;
}

/**
 * A round compares what it measured within minutes, so each has a ratio of its own, and the middle one counts: what the
 * machine did between the rounds is in none of them. A round in which one of those failed that it is compared with is
 * none: without its strongest rival a target is easily met.
 */
export function judge(target: Target, results: readonly Result[]): Verdict {
  const { title, atLeast, atMost = Number.POSITIVE_INFINITY, shortfall = null } = target;
  const wanted = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
  const meets = (ratio: number): boolean => ratio >= (atLeast ?? 0) && ratio <= atMost;
  const ratios = compareRounds(target, results);
  const rounds = { met: ratios.filter(meets).length, compared: ratios.length };
  if (ratios.length === 0) return { title, wanted, meets, reached: null, isMet: null, rounds, shortfall: null };
  const reached = spreadOf(ratios);
  const isMet = meets(reached.median);
  return { title, wanted, meets, reached, isMet, rounds, shortfall: isMet ? null : shortfall };
}

function compareRounds(target: Target, results: readonly Result[]): readonly number[] {
  const { ours, against, workload, theirWorkload = workload, atMost } = target;
  const best = atMost === undefined ? Math.max : Math.min;
  const theirs = against.map((systemId) => figuresIn(results, target, { systemId, workload: theirWorkload }));
  return figuresIn(results, target, { systemId: ours, workload }).flatMap((own, round) => {
    const others = theirs.map((figures) => figures[round]);
    if (own === undefined || !others.every((other) => other !== undefined)) return [];
    return others.length === 0 ? own : own / best(...others);
  });
}

/** Round by round; undefined where it failed. */
function figuresIn(
  results: readonly Result[],
  { figure }: Target,
  { systemId, workload }: { readonly systemId: string; readonly workload: WorkloadId },
): readonly (number | undefined)[] {
  return (findResult(results, systemId, workload)?.rounds ?? []).map((round) => round[figure]);
}

export function toWord(isMet: boolean | null): string {
  if (isMet === null) return "not measured";
  return isMet ? "met" : "missed";
}
