import { expect, test } from "vitest";
import { insertSample } from "./insert-sample.ts";

test("a record gets a member, and keeps those it got before", () => {
  const twice = insertSample(insertSample({ a: 1 }, 1n), 2n);
  expect(twice).toEqual({ a: 1, newField: 1n, newField2: 2n });
});

test("an array gets an item", () => {
  expect(insertSample([1], 2n)).toEqual([1, 2n]);
});

test("where there is nothing to add to, the value is the payload", () => {
  expect(insertSample(undefined, 1n)).toBe(1n);
  expect(insertSample("one", 1n)).toBe(1n);
});
