import { expect, test } from "vitest";
import { toForm } from "./form-part.ts";

const tier = {
  anyOf: [
    { type: "string", const: "free" },
    { type: "string", const: "pro" },
  ],
};
const chosen = { enum: ["free", "pro"] };
const labeled = { "ui:enumNames": ["free", "pro"] };

/** What the form makes of one field. */
function partOf(schema: object) {
  const { schema: form, ui } = toForm({ type: "object", properties: { field: schema } });
  return { schema: (form["properties"] as Record<string, object>)["field"], ui: ui["field"] };
}

test("a union of literals is an enum, wherever it is", () => {
  expect(partOf(tier)).toEqual({ schema: chosen, ui: labeled });
  const nested = partOf({ type: "object", properties: { tier }, required: ["tier"] });
  expect(nested).toEqual({
    schema: { type: "object", properties: { tier: chosen }, required: ["tier"] },
    ui: { tier: labeled },
  });
  expect(partOf({ type: "array", items: tier, maxItems: 3 })).toEqual({
    schema: { type: "array", items: chosen, maxItems: 3 },
    ui: { items: labeled },
  });
});

test("a choice keeps what counts where nothing is chosen, and what is said about it", () => {
  const said = { title: "Tier", description: "Which plan", default: "pro" };
  expect(partOf({ ...tier, ...said }).schema).toEqual({ ...chosen, ...said });
});

test("a boolean is a choice that can also be none", () => {
  expect(partOf({ type: "boolean", default: true })).toEqual({
    schema: { enum: [true, false], default: true },
    ui: { "ui:enumNames": ["Yes", "No"] },
  });
});

test.for<[string, object]>([
  ["a union of objects", { oneOf: [{ type: "object" }, { type: "object" }] }],
  ["a text or a number", { type: ["string", "number"] }],
  ["a literal or a number", { anyOf: [{ const: "auto" }, { type: "number" }] }],
  ["a record", { type: "object", additionalProperties: { type: "number" } }],
  ["an object that has no members", { type: "object", properties: {} }],
  ["a tuple", { type: "array", prefixItems: [{ type: "string" }], items: false }],
  ["what refers to another part", { $ref: "#/$defs/node" }],
  ["an intersection", { allOf: [{ type: "object" }, { type: "object" }] }],
  ["anything", {}],
])("%s is written as JSON, and the library sees nothing of it to show by itself", ([, schema]) => {
  expect(partOf({ ...schema, description: "What it is" })).toEqual({
    schema: { description: "What it is", $comment: "one value" },
    ui: { "ui:field": "value", "ui:placeholder": "JSON" },
  });
});

test("a field that is written as JSON says what counts where nothing is given, or how a Date is written", () => {
  expect(partOf({ type: "object", default: { a: 1 } }).ui).toMatchObject({ "ui:placeholder": '{"a":1} by default' });
  const dateOrNull = { anyOf: [{ "x-beckon-type": "date" }, { type: "null" }], default: null };
  expect(partOf(dateOrNull).ui).toMatchObject({ "ui:placeholder": expect.stringContaining('"Date"') });
});

test("a value that JSON cannot say keeps its kind, by which its field is found", () => {
  expect(partOf({ "x-beckon-type": "bigint" }).schema).toMatchObject({ "x-beckon-type": "bigint" });
});

test("texts and numbers are left to the library as they are", () => {
  const age = { type: "integer", minimum: 0, default: 7 };
  expect(partOf(age)).toEqual({ schema: age, ui: {} });
});

test("members that a schema lets be and does not name are written as JSON", () => {
  const { schema, ui } = toForm({ type: "object", properties: {}, additionalProperties: { type: "number" } });
  expect(schema["additionalProperties"]).toEqual({ $comment: "one value" });
  expect(ui["additionalProperties"]).toMatchObject({ "ui:field": "value" });
  expect(toForm({ type: "object", properties: {}, additionalProperties: false }).ui).toEqual({});
});
