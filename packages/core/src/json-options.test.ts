import { expect, test } from "vitest";
import { toInstant } from "./duration.ts";
import { fromJsonOptions } from "./json-options.ts";

test("the text of an instant is its Date", () => {
  const options = { delay: "2030-01-01T00:00:00Z", tags: ["a"] };
  expect(fromJsonOptions(options)).toEqual({ delay: new Date(Date.UTC(2030, 0, 1)), tags: ["a"] });
});

test.each(["2026-99-99T00:00", "2026-01-01Tnoon", "soon", "30s"])("%j stays the text that it is", (delay) => {
  expect(fromJsonOptions({ delay })).toEqual({ delay });
});

test("an instant that there is not is refused by its text", () => {
  const { delay } = fromJsonOptions({ delay: "2026-99-99T00:00" }) as { readonly delay: "1s" };
  expect(() => toInstant(delay, 0, "delay")).toThrow('Option "delay": "2026-99-99T00:00" is not a duration');
});
