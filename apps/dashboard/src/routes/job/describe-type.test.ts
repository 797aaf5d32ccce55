import { expect, test } from "vitest";
import { describeType } from "./describe-type.ts";

test.each([
  [{ type: "string", format: "email" }, "string (email)"],
  [{ anyOf: [{ const: "free" }, { const: "pro" }] }, '"free" | "pro"'],
  [{ type: "string", enum: ["a", "b"], default: "a" }, '"a" | "b", "a" by default'],
  [{ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, "integer ≥ 1"],
  [{ type: "array", items: { type: "string" }, maxItems: 3 }, "string[] items ≤ 3"],
  [{ "x-beckon-type": "date" }, "Date"],
  [{}, "anything"],
])("%j reads %s", (schema, text) => {
  expect(describeType(schema)).toBe(text);
});
