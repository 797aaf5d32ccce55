import { expect, test } from "vitest";
import { withoutEmptied } from "./without-emptied.ts";

const inner = { type: "object", properties: { street: { type: "string" } } };
const schema = {
  type: "object",
  required: ["home"],
  properties: {
    home: inner,
    work: inner,
    deep: { type: "object", properties: { inner } },
    list: { type: "array", items: { type: "object", properties: { inner } } },
    record: { type: "object", additionalProperties: inner },
    union: { anyOf: [{ type: "object", required: ["inner"], properties: { inner } }, { type: "null" }] },
    records: { type: "array", items: { type: "object", additionalProperties: inner } },
  },
};

const full = { street: "x" };

test.each([
  { what: "an object that the change emptied", before: { work: full }, after: { work: {} }, left: {} },
  {
    what: "one in which that leaves nothing",
    before: { deep: { inner: full } },
    after: { deep: { inner: {} } },
    left: {},
  },
  {
    what: "one in an item",
    before: { list: [{ inner: full }] },
    after: { list: [{ inner: {} }] },
    left: { list: [{}] },
  },
])("$what is let go", ({ before, after, left }) => {
  expect(withoutEmptied(schema, before, after)).toEqual(left);
});

test.each([
  { what: "an object that the schema requires", before: { home: full }, after: { home: {} } },
  { what: "one that was empty before", before: { work: {} }, after: { work: {} } },
  { what: "one that is new", before: {}, after: { work: {} } },
  {
    what: "one in a list that has become shorter",
    before: { list: [{}, { inner: full }] },
    after: { list: [{ inner: {} }] },
  },
  { what: "a list without items", before: { list: [1] }, after: { list: [] } },
  { what: "one that was written as JSON", before: { record: { a: full } }, after: { record: {} } },
  { what: "one in what is written as JSON", before: { record: { a: full } }, after: { record: { a: {} } } },
  {
    what: "one that a member of a union requires",
    before: { union: { inner: full } },
    after: { union: { inner: {} } },
  },
  {
    what: "one in an item that is written as JSON",
    before: { records: [{ a: full }] },
    after: { records: [{ a: {} }] },
  },
  { what: "one that the schema does not name", before: { other: { a: full } }, after: { other: { a: {} } } },
])("$what is kept", ({ before, after }) => {
  expect(withoutEmptied(schema, before, after)).toEqual(after);
});
