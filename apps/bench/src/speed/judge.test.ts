import { expect, test } from "vitest";
import { judge } from "./judge.ts";
import type { Result } from "./results.ts";
import type { Target } from "./targets.ts";

const wish: Target = {
  ours: "beckon",
  workload: "w1-one",
  figure: "jobs/s",
  against: ["redis", "postgres"],
  atLeast: 2,
  title: "W1 / the best",
  shortfall: "The disk is asked twice.",
};

/** null: the round failed. */
function resultOf(systemId: string, rates: readonly (number | null)[]): Result {
  const rounds = rates.map((rate) => (rate === null ? {} : { "jobs/s": rate }));
  return { systemId, workload: "w1-one", rounds, problems: [] };
}

test("each round compares with the best of its own, and the middle ratio counts", () => {
  const results = [
    resultOf("beckon", [100, 300, 80]),
    resultOf("redis", [50, 100, 10]),
    resultOf("postgres", [40, 60, 20]),
  ];
  expect(judge(wish, results)).toMatchObject({
    reached: { least: 2, median: 3, most: 4 },
    isMet: true,
    shortfall: null,
  });
});

test("a round in which one of those that are compared failed counts for nothing", () => {
  const results = [
    resultOf("beckon", [null, 100, 100, 100]),
    resultOf("redis", [10, 100, 10, null]),
    resultOf("postgres", [10, 10, null, 10]),
  ];
  expect(judge(wish, results)).toMatchObject({ reached: { least: 1, most: 1 }, rounds: { met: 0, compared: 1 } });
});

test("the rounds that meet it alone are counted", () => {
  const results = [
    resultOf("beckon", [100, 300, 500]),
    resultOf("redis", [100, 100, 100]),
    resultOf("postgres", [1, 1, 1]),
  ];
  expect(judge(wish, results)).toMatchObject({ isMet: true, rounds: { met: 2, compared: 3 } });
});

test("of times the least counts, and the least of the others", () => {
  const { atLeast: _, ...rest } = wish;
  const results = [resultOf("beckon", [8]), resultOf("redis", [10]), resultOf("postgres", [20])];
  expect(judge({ ...rest, atMost: 0.9 }, results)).toMatchObject({ reached: { median: 0.8 }, isMet: true });
});

test("a missed target says where the time goes", () => {
  const results = [resultOf("beckon", [100]), resultOf("redis", [100]), resultOf("postgres", [50])];
  expect(judge(wish, results)).toMatchObject({ isMet: false, shortfall: "The disk is asked twice." });
});

test("what was not measured is neither met nor missed", () => {
  expect(judge(wish, [resultOf("beckon", [100])])).toMatchObject({ reached: null, isMet: null, shortfall: null });
});
