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
])("$what is kept", ({ before, after }) => {
  expect(withoutEmptied(schema, before, after)).toEqual(after);
});
