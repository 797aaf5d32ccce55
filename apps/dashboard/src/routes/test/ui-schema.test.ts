import { expect, test } from "vitest";
import { toUiSchema } from "./ui-schema.ts";

test("a boolean is a choice that can also be none, wherever it is", () => {
  const flag = { type: "boolean", default: true };
  const schema = { type: "object", properties: { isLoud: flag, flags: { type: "array", items: { type: "boolean" } } } };
  expect(toUiSchema(schema)).toEqual({
    isLoud: { "ui:widget": "select" },
    flags: { items: { "ui:widget": "select" } },
  });
});

test("what the form has no field for is written as JSON", () => {
  expect(
    toUiSchema({ type: "object", properties: { at: { "x-beckon-type": "date" }, extra: { type: "object" } } }),
  ).toEqual({
    at: { "ui:field": "value" },
    extra: { "ui:field": "value" },
  });
});
