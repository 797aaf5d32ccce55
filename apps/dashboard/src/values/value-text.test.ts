import { expect, test } from "vitest";
import { parseValueText, toValueText } from "./value-text.ts";

test.each([
  ["a date", { at: new Date(0) }],
  ["a map in a set", new Set([new Map([["a", 1n]])])],
  ["a bigint", 12n],
  ["undefined in an object", { a: undefined, b: 1 }],
  ["NaN", [Number.NaN]],
  ["plain JSON", { a: [1, "two", null] }],
  ["an object that has a member called json", { json: 1 }],
  ["plain JSON that reads like the text of another value", { json: "5", meta: { values: ["bigint"] } }],
  ["one that reads like that text", { json: { json: "5", meta: { v: 1 } }, meta: { v: 1 } }],
  ["nothing", undefined],
])("%s comes back from its text as itself", (_what, value) => {
  expect(parseValueText(toValueText(value))).toMatchObject({ ok: true, value });
});

test("plain values are written as plain JSON", () => {
  expect(toValueText({ a: 1 })).toBe('{\n  "a": 1\n}');
});

test("a text that is no JSON is refused with the place", () => {
  expect(parseValueText('{ "a": 1,, }')).toMatchObject({ ok: false, at: 9 });
});
