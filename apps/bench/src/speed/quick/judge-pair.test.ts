import { expect, test } from "vitest";
import { figureOf, judgePair, TOLERANCE, toRatio, type Try } from "./judge-pair.ts";
import type { Pair } from "./pairs.ts";

const rates: Pair = { name: "a drain", workload: "w3-1", ours: "full", limit: "commit-full", figure: "jobs/s" };
const times: Pair = { name: "a call", workload: "w4", ours: "full", limit: "commit-full", figure: "p50 ms" };
const baseline = { "a drain": 1, "a call": 1 };

const triesOf = (ours: readonly number[], limit: readonly number[]): readonly Try[] =>
  ours.map((each, index) => ({ ours: each, limit: limit[index] ?? 0 }));

test("what reaches the tolerated part of its baseline is ok, and what does not is slower", () => {
  const limit = [100, 100];
  expect(judgePair(rates, triesOf([65, 65], limit), baseline)).toEqual({ kind: "ok", ratio: TOLERANCE, baseline: 1 });
  expect(judgePair(rates, triesOf([64, 64], limit), baseline)).toMatchObject({ kind: "slower", ratio: 0.64 });
});

test("of times the shorter is the faster", () => {
  expect(judgePair(times, triesOf([1, 1], [2, 2]), baseline)).toMatchObject({ kind: "ok", ratio: 2 });
  expect(judgePair(times, triesOf([2, 2], [1, 1]), baseline)).toMatchObject({ kind: "slower", ratio: 0.5 });
});

test("a slow moment of LIMIT does not hide that Beckon is slower, and one of Beckon's does not make it so", () => {
  const even = [100, 100, 100, 100, 100];
  const once = [10, 100, 100, 10, 100];
  expect(judgePair(rates, triesOf([50, 50, 50, 50, 50], once), baseline)).toMatchObject({ kind: "slower", ratio: 0.5 });
  expect(judgePair(rates, triesOf(once, even), baseline)).toMatchObject({ kind: "ok", ratio: 1 });
});

test("the sides' middles need not be of the same try", () => {
  expect(toRatio(rates, triesOf([10, 20, 30], [300, 100, 200]))).toBe(0.1);
});

test.each([{}, { "a drian": 1 }, { "a drain": 0 }, { "a drain": Number.NaN }])(
  "a pair without a ratio in %j is an error with its name and what to do",
  (unfit) => {
    const judge = () => judgePair(rates, triesOf([1], [1]), unfit);
    expect(judge).toThrow('"a drain" has no ratio in baseline.json');
    expect(judge).toThrow("pnpm bench:quick --write");
  },
);

test("a figure that the workload does not have, or has as 0, is an error with both names", () => {
  expect(() => figureOf(rates, { "steps/s": 3 })).toThrow(
    '"a drain" compares jobs/s, but its workload measured 3 steps/s',
  );
  expect(() => figureOf(rates, { "jobs/s": 0 })).toThrow("Correct the figure in pairs.ts");
  expect(figureOf(rates, { "jobs/s": 2 })).toBe(2);
});
