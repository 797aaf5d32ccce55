import { spreadOf } from "../../scale/median.ts";
import type { Figures } from "../workloads/workload.ts";
import type { Pair } from "./pairs.ts";

/** The committed ratios, by the names of the pairs. */
export type Baseline = Readonly<Record<string, number>>;

/** What both sides reached, one right after the other. */
export interface Try {
  readonly ours: number;
  readonly limit: number;
}

export interface Verdict {
  readonly kind: "ok" | "slower";
  /** How fast Beckon is, LIMIT being 1. */
  readonly ratio: number;
  readonly baseline: number;
}

/** What stays below this part of the baseline is slower. */
export const TOLERANCE = 0.65;

/** Compares what a pair reached with what is committed of it. @throws when nothing is */
export function judgePair(pair: Pair, tries: readonly Try[], baseline: Baseline): Verdict {
  const ratio = toRatio(pair, tries);
  const committed = baselineOf(pair, baseline);
  return { kind: ratio < committed * TOLERANCE ? "slower" : "ok", ratio, baseline: committed };
}

/**
 * Of each side the middle of its own tries: a slow moment of either is left out, where the best of several ratios would
 * be the one in which LIMIT was slow. Of times the inverse.
 */
export function toRatio(pair: Pair, tries: readonly Try[]): number {
  const ours = spreadOf(tries.map((one) => one.ours)).median;
  const limit = spreadOf(tries.map((one) => one.limit)).median;
  return pair.figure.endsWith(" ms") ? limit / ours : ours / limit;
}

/** @throws when there is no ratio by this name: against 0, nothing would ever be slower */
export function baselineOf({ name }: Pair, baseline: Baseline): number {
  const ratio = baseline[name];
  if (ratio !== undefined && ratio > 0) return ratio;
  throw new Error(
    `"${name}" has no ratio in baseline.json, which has ${Object.keys(baseline).join(", ")}. ` +
      "Correct its name in pairs.ts, or take a new baseline: pnpm bench:quick --write",
  );
}

/** @throws when the workload has no figure by this name: what is compared with NaN is never slower */
export function figureOf({ name, figure }: Pair, figures: Figures): number {
  const reached = figures[figure];
  if (reached !== undefined && reached > 0) return reached;
  const all = Object.entries(figures).map(([each, value]) => `${value} ${each}`);
  throw new Error(
    `"${name}" compares ${figure}, but its workload measured ${all.join(", ")}. Correct the figure in pairs.ts`,
  );
}
