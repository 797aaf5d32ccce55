import { spreadOf } from "../../scale/median.ts";
import type { Round } from "./alternation.ts";

/** How much of the other tree's time this one takes: 1 is as long. */
export interface Comparison {
  readonly kind: "ok" | "slower";
  readonly share: number;
  /** By which factor the share would be off in two thirds of such comparisons: 1.02 is 2 %. */
  readonly uncertainty: number;
  /** The share in each process. */
  readonly shares: readonly number[];
}

/** Less is never called slower, however certain it is. */
export const TOLERANCE = 1.03;

/**
 * Compares what several processes measured: of each the middle of its pairs, of these their mean. A process is off by up to
 * 8 % either way for as long as it lives, also between two copies of one tree (where its memory lies, what was compiled first),
 * so it counts as one figure, and slower is what is beyond twice the uncertainty, too.
 */
export function compare(processes: readonly (readonly Round[])[]): Comparison {
  const shares = processes.map((rounds) => spreadOf(rounds.map(({ here, there }) => here / there)).median);
  const logs = shares.map(Math.log);
  const mean = sum(logs) / logs.length;
  const variance = sum(logs.map((each) => (each - mean) ** 2)) / (logs.length - 1);
  const error = Math.sqrt(variance / logs.length);
  const isSlower = Math.exp(mean) > TOLERANCE && mean > 2 * error;
  return { kind: isSlower ? "slower" : "ok", share: Math.exp(mean), uncertainty: Math.exp(error), shares };
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, each) => total + each, 0);
}
