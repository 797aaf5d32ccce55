import { expect, test } from "vitest";
import { formValidator } from "./form-validator.ts";

test("a schema that cannot be followed here fits nothing, and breaks no form", () => {
  const schema = { type: "string", pattern: String.raw`^[\w-.]+$` } as const;
  expect(formValidator.isValid(schema, "a-b", {})).toBe(false);
  expect(formValidator.isValid({ type: "string" }, "a-b", {})).toBe(true);
});
