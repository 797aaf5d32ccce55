import { expect, test } from "vitest";
import { type Duration, toInstant, toMs } from "./duration.ts";

test.each<[Duration, number]>([
  [0, 0],
  [1.5, 1_500],
  ["0ms", 0],
  ["500ms", 500],
  ["30s", 30_000],
  ["1.5s", 1_500],
  ["5m", 300_000],
  ["2h", 7_200_000],
  ["7d", 604_800_000],
  ["0.4ms", 0],
  [0.1 + 0.2, 300],
])("%j is %d ms", (duration, ms) => {
  expect(toMs(duration, "delay")).toBe(ms);
});

test.each<unknown>([
  -1,
  Number.NaN,
  Infinity,
  1e15,
  "",
  "5",
  "5 m",
  "5min",
  "-5s",
  "1e3s",
  "s",
  ".5s",
  "５s",
  null,
  {},
  true,
  5n,
])("%s is refused, naming the option", (duration) => {
  expect(() => toMs(duration as Duration, "retry after")).toThrow(
    /^Option "retry after": .* is not a duration: give seconds as a number ≥ 0/,
  );
});

test("an instant is a Date, or lies a duration after now", () => {
  expect(toInstant("2s", 1_000, "delay")).toBe(3_000);
  expect(toInstant(2, 1_000, "delay")).toBe(3_000);
  expect(toInstant(new Date(5), 1_000, "delay")).toBe(5);
  expect(() => toInstant(new Date("?"), 1_000, "delay")).toThrow('Option "delay": the Date is invalid');
});

test("an instant never lies beyond what a Date can hold", () => {
  expect(new Date(toInstant("100000000d", Date.UTC(2030, 1, 1), "delay")).getTime()).toBe(8.64e15);
});
