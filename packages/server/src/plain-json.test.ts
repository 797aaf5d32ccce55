import { expect, test } from "vitest";
import { toPlainJson } from "./plain-json.ts";

test("what JSON can say is said, the rest by its nearest relative", () => {
  const value = {
    date: new Date(0),
    big: 12n,
    map: new Map([["a", new Set([1])]]),
    bytes: new Uint8Array([1, 2]),
    url: new URL("https://acme.com/"),
    pattern: /a/i,
    nothing: undefined,
    nan: Number.NaN,
    list: [undefined, null],
  };
  expect(JSON.parse(toPlainJson(value))).toEqual({
    date: "1970-01-01T00:00:00.000Z",
    big: "12",
    map: [["a", [1]]],
    bytes: [1, 2],
    url: "https://acme.com/",
    pattern: "/a/i",
    nan: null,
    list: [null, null],
  });
});

test("nothing at all is null", () => {
  expect(toPlainJson(undefined)).toBe("null");
});
