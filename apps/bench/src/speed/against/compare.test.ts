import { expect, test } from "vitest";
import type { Round } from "./alternation.ts";
import { compare } from "./compare.ts";

const roundsOf = (...shares: readonly number[]): readonly Round[] =>
  shares.map((share, index) => ({ here: share * (index + 1), there: index + 1 }));

const kindOf = (...shares: readonly number[]): string => compare(shares.map((share) => roundsOf(share))).kind;

test("the middle of the pairs counts, of all processes alike", () => {
  const { kind, share, shares } = compare([roundsOf(0.5, 0.8, 9), roundsOf(0.2, 0.2, 0.2)]);
  expect({ kind, shares }).toEqual({ kind: "ok", shares: [0.8, 0.2] });
  expect(share).toBeCloseTo(0.4);
});

test("slower is what took longer in nearly all processes", () => {
  expect(kindOf(1.05, 1.06, 1.04, 1.07, 1.05, 1.06)).toBe("slower");
  expect(kindOf(1.05, 1.06, 0.99, 1.09, 1.05, 1.06)).toBe("slower");
  expect(kindOf(1.08, 0.97, 1.1, 0.98, 1.09, 0.99)).toBe("ok");
});

test("what is only a little slower is not called so, however certain", () => {
  expect(kindOf(1.02, 1.02, 1.02, 1.02)).toBe("ok");
});

test("the uncertainty is that of the mean", () => {
  expect(compare([roundsOf(1), roundsOf(1), roundsOf(1)]).uncertainty).toBe(1);
  const four = [1.1, 1 / 1.1, 1.1, 1 / 1.1].map((share) => roundsOf(share));
  expect(compare(four).uncertainty).toBeCloseTo(1.1 ** (1 / Math.sqrt(3)));
});
