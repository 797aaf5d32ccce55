import { expect, test } from "vitest";
import { durationClassOf, durationOfClass, percentileOf } from "./duration-class.ts";

test("what a class tells of a duration is off by at most a tenth", () => {
  for (const ms of [5, 42, 999, 60_000, 86_400_000]) {
    expect(Math.abs(durationOfClass(durationClassOf(ms)) - ms) / ms).toBeLessThan(0.12);
  }
});

test("percentiles are read from the counts", () => {
  const counts = new Map([
    [durationClassOf(10), 98],
    [durationClassOf(5_000), 2],
  ]);
  expect(percentileOf(counts, 0.5)).toBeCloseTo(10, -1);
  expect(percentileOf(counts, 0.99)).toBeGreaterThan(4_500);
  expect(percentileOf(new Map(), 0.5)).toBeNull();
});
