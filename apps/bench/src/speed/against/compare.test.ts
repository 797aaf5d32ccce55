import { expect, test } from "vitest";
import type { Round } from "./alternation.ts";
import { compare } from "./compare.ts";

const roundsOf = (...shares: readonly number[]): readonly Round[] =>
  shares.map((share, index) => ({ here: share * (index + 1), there: index + 1 }));

test("the middle of the pairs counts, of both orders alike", () => {
  expect(compare([roundsOf(0.5, 0.8, 9), roundsOf(0.2, 0.2, 0.2)])).toEqual({
    kind: "ok",
    share: 0.4,
    shares: [0.8, 0.2],
  });
});

test("slower is what took longer in both orders", () => {
  expect(compare([roundsOf(1.04), roundsOf(1.2)]).kind).toBe("slower");
  expect(compare([roundsOf(1.02), roundsOf(1.2)]).kind).toBe("ok");
  expect(compare([roundsOf(1.2), roundsOf(0.98)]).kind).toBe("ok");
});
