import { expect, test } from "vitest";
import { findIssues } from "./payload-issues.ts";

const schema = {
  type: "object",
  properties: {
    userId: { type: "string" },
    tier: { anyOf: [{ const: "free" }, { const: "pro" }] },
    items: {
      type: "array",
      items: { type: "object", properties: { price: { type: "integer", minimum: 1 } }, required: ["price"] },
    },
    at: {},
  },
  required: ["userId"],
};

const pathsOf = (value: unknown) => findIssues(schema, value).map(({ path }) => path.join("."));

test("a payload that fits has no issue", () => {
  expect(findIssues(schema, { userId: "1", tier: "pro", items: [{ price: 2 }], at: new Date(0) })).toEqual([]);
});

test("what is missing is named at the field that is missing", () => {
  expect(findIssues(schema, {})).toEqual([{ path: ["userId"], message: "Required." }]);
});

test("each field that is wrong is named once, however deep", () => {
  expect(pathsOf({ userId: 1, items: [{ price: 0 }] })).toEqual(["userId", "items.0.price"]);
});

test("a union names the field, not its members", () => {
  expect(findIssues(schema, { userId: "1", tier: "gold" })).toEqual([
    { path: ["tier"], message: "It does not match any member of the union." },
  ]);
});

test("a union that may be null does not ask for null", () => {
  const nullable = { type: "object", properties: { tier: { anyOf: [schema.properties.tier, { type: "null" }] } } };
  expect(findIssues(nullable, { tier: "gold" })).toEqual([
    { path: ["tier"], message: "It does not match any member of the union." },
  ]);
  expect(findIssues(nullable, { tier: null })).toEqual([]);
});

test("a type that is wrong is told with the one that is wanted", () => {
  expect(findIssues({ type: "string" }, 1)).toEqual([
    { path: [], message: 'Its type "number" is invalid. Expected "string".' },
  ]);
});

test("no payload at all is an issue where one is wanted", () => {
  expect(findIssues(schema, undefined)).toHaveLength(1);
  expect(findIssues({}, undefined)).toEqual([]);
});

test("a member that is undefined is a member that is not there", () => {
  expect(findIssues(schema, { userId: "1", tier: undefined, items: undefined })).toEqual([]);
  expect(findIssues(schema, { userId: undefined })).toEqual([{ path: ["userId"], message: "Required." }]);
});

test("numbers that JSON cannot say are judged as numbers", () => {
  const numbers = { type: "array", items: { type: "number", minimum: 0 } };
  expect(findIssues(numbers, [-0, Number.POSITIVE_INFINITY, Number.NaN])).toEqual([]);
  expect(findIssues(numbers, [Number.NEGATIVE_INFINITY])).toHaveLength(1);
});

test.for([String.raw`^\d{3}\-\d{4}$`, String.raw`^[\w-.]+$`])(
  "a pattern that JavaScript takes and the validator does not, %s, leaves the check to the server",
  (pattern) => {
    const withPattern = { type: "object", properties: { slug: { type: "string", pattern } } };
    expect(findIssues(withPattern, { slug: "555-0100" })).toEqual([]);
  },
);
