import { expect, test } from "vitest";
import { fromFormData, toFormData } from "./form-data.ts";

test("a value goes through a form and comes back as itself", () => {
  const value = { at: new Date(5), counts: new Map([["a", 1n]]), list: [1, { deep: new Set([2]) }], text: "x" };
  expect(fromFormData(toFormData(value))).toEqual(value);
});

test("what JSON can say is left as it is", () => {
  expect(toFormData({ a: [1, null, "b"] })).toEqual({ a: [1, null, "b"] });
});

test("what a form cleared is left out", () => {
  expect(fromFormData({ a: undefined, b: 1 })).toEqual({ b: 1 });
});
