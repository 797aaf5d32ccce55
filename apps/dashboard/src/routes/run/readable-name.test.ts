import { expect, test } from "vitest";
import { readableName } from "./readable-name.ts";

test.each([
  ['["import from row",10]', "import from row · 10"],
  ['wait ["pause",{"a":1}]', 'wait pause · {"a":1}'],
  ["plain", "plain"],
  ["list [of things]", "list [of things]"],
])("%s reads %s", (name, readable) => {
  expect(readableName(name)).toBe(readable);
});
