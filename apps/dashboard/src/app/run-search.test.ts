import { expect, test } from "vitest";
import { readRunSearch } from "./run-search.ts";

test.each(["constructor", "toString", "__proto__", "yes", ""])("a filter by test runs that says %j is none", (said) => {
  expect(readRunSearch({ test: said })).toEqual({});
});

test.each([true, false])("a filter by test runs is read as text and as the value it means: %j", (said) => {
  expect(readRunSearch({ test: said })).toEqual({ test: said });
  expect(readRunSearch({ test: String(said) })).toEqual({ test: said });
});
