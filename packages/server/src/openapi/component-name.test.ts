import { expect, test } from "vitest";
import { toComponentName } from "./component-name.ts";

test("a name of allowed letters stays as it is, and any other is written in them", () => {
  expect(["greet", "send-mail", "acme.User", "__schema0"].map(toComponentName)).toEqual([
    "greet",
    "send-mail",
    "acme.User",
    "__schema0",
  ]);
  expect(["a$b", "acme/User", "a user", "é🙂"].map(toComponentName)).toEqual([
    "a.x24.b",
    "acme.x2f.User",
    "a.x20.user",
    ".xe9..x1f642.",
  ]);
});

test("no two names have one key, also where one reads as another is written", () => {
  const names = ["a$b", "a.x24.b", "a_b", "a-b", "a.b", "a/b", "a~1b", "a.x24.b$", "a$b$", "$", "$$", ".", "..", ""];
  expect(new Set(names.map(toComponentName)).size).toBe(names.length);
});
