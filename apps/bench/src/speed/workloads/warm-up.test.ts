import { expect, test } from "vitest";
import { isWarm } from "./warm-up.ts";

test.each([
  ["a fast system is warm after a second", { calls: 60_000, tookMs: 1_000 }, true],
  ["however fast, not before", { calls: 60_000, tookMs: 900 }, false],
  ["one of middling speed once it has made its calls", { calls: 10_000, tookMs: 2_500 }, true],
  ["and not before", { calls: 9_999, tookMs: 2_500 }, false],
  ["a slow one after four seconds", { calls: 4, tookMs: 4_000 }, true],
])("%s", (_fact, done, expected) => {
  expect(isWarm(done)).toBe(expected);
});
