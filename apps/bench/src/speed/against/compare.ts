import { spreadOf } from "../../scale/median.ts";
import type { Round } from "./alternation.ts";

/** How much of the other tree's time this one takes: 1 is as long. */
export interface Comparison {
  readonly kind: "ok" | "slower";
  readonly share: number;
  /** The same for each order in which the two were opened. */
  readonly shares: readonly number[];
}

/** Two copies of one tree differ by up to 3 % in an order, either way. So it is slower when it took longer than that in both. */
export const TOLERANCE = 1.03;

/** Compares what was measured in both orders: the middle of the pairs of each, and the mean of the two. */
export function compare(orders: readonly (readonly Round[])[]): Comparison {
  const shares = orders.map((rounds) => spreadOf(rounds.map(({ here, there }) => here / there)).median);
  const share = shares.reduce((product, each) => product * each, 1) ** (1 / shares.length);
  return { kind: shares.every((each) => each > TOLERANCE) ? "slower" : "ok", share, shares };
}
