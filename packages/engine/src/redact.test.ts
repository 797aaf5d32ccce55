import { expect, test } from "vitest";
import { redact } from "./redact.ts";

const SECRET = "Bearer 123";

test.for<[string, unknown, string, unknown]>([
  ["a member", { token: SECRET, n: 1 }, "token", { token: "[redacted]", n: 1 }],
  ["a member of a member", { headers: { a: SECRET, b: 1 } }, "headers.a", { headers: { a: "[redacted]", b: 1 } }],
  ["every member", { a: SECRET, b: [1] }, "*", { a: "[redacted]", b: "[redacted]" }],
  ["in a list", [{ a: SECRET }, { a: 1 }], "0.a", [{ a: "[redacted]" }, { a: 1 }]],
  [
    "the value of a key of a Map",
    { headers: new Map([["authorization", SECRET]]) },
    "headers.authorization",
    { headers: new Map([["authorization", "[redacted]"]]) },
  ],
  [
    "every value of a Map",
    new Map<unknown, unknown>([
      ["a", SECRET],
      [1, SECRET],
    ]),
    "*",
    new Map<unknown, unknown>([
      ["a", "[redacted]"],
      [1, "[redacted]"],
    ]),
  ],
  ["a number as the key of a Map", new Map([[7, { a: SECRET }]]), "7.a", new Map([[7, { a: "[redacted]" }]])],
  ["the members of a Set", { tokens: new Set([SECRET, "other"]) }, "tokens.*", { tokens: new Set(["[redacted]"]) }],
  ["in a member of a Set", new Set([{ a: SECRET, b: 1 }]), "0.a", new Set([{ a: "[redacted]", b: 1 }])],
  ["bytes, whole", { body: new Uint8Array([1, 2]) }, "body.*", { body: "[redacted]" }],
  ["a URL, whole", { link: new URL("https://a:b@example.com") }, "link.password", { link: "[redacted]" }],
])("a path hides %s", ([, value, path, shown]) => {
  expect(redact(value, [path])).toEqual(shown);
});

test("what no path names stays as it is, and so do texts and numbers that a path would enter", () => {
  const value = { at: new Date(1), map: new Map([["a", 1]]), set: new Set([1]), text: "x", nothing: null };
  expect(redact(value, ["other.a", "map.b", "set.1", "text.a", "nothing.a"])).toEqual(value);
});

test("several paths hide one part each", () => {
  expect(redact({ a: 1, b: new Map([["c", 2]]), d: 3 }, ["a", "b.c"])).toEqual({
    a: "[redacted]",
    b: new Map([["c", "[redacted]"]]),
    d: 3,
  });
});
