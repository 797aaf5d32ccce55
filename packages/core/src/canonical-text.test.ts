import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalText } from "./canonical-text.ts";

test("plain JSON is JSON with sorted keys", () => {
  const value = { b: [1, "x", null, true], a: { d: 1.5, c: -1e21 } };
  expect(canonicalText(value)).toBe('{"a":{"c":-1e+21,"d":1.5},"b":[1,"x",null,true]}');
});

test("the order of keys does not matter, at any depth", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { noNullPrototype: true }), (value) => {
      fc.pre(!["__proto__", "constructor", "prototype"].some((key) => JSON.stringify(value).includes(`"${key}":`)));
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalText([reversed])).toBe(canonicalText([value]));
    }),
  );
});

test("a property that is undefined counts as left out, a member of an array does not", () => {
  expect(canonicalText({ a: undefined, b: { c: undefined } })).toBe(canonicalText({ b: {} }));
  expect(canonicalText([undefined])).not.toBe(canonicalText([]));
  expect(canonicalText(undefined)).not.toBe(canonicalText(null));
});

test("sharing does not matter", () => {
  const shared = { a: 1n };
  expect(canonicalText([shared, shared])).toBe(canonicalText([{ a: 1n }, { a: 1n }]));
});

describe("a value differs from what resembles it", () => {
  const at = "2026-01-01T00:00:00.000Z";
  test.each<[string, unknown, unknown[]]>([
    ["a Date", new Date(at), [at, new Date(at).getTime(), {}]],
    ["a Map", new Map([["a", 1]]), [{ a: 1 }, [["a", 1]], new Set([["a", 1]]), new Map([["a", "1"]])]],
    ["a Set", new Set([1, 2]), [[1, 2], new Set([2, 1]), new Map([[1, 2]]), { 0: 1, 1: 2 }]],
    ["a BigInt", 1n, [1, "1", "1n"]],
    ["NaN", Number.NaN, [null, "NaN", undefined]],
    ["-0", -0, [0, "-0"]],
    ["undefined", undefined, [null, "undefined"]],
    ["a RegExp", /a/g, ["/a/g", /a/, /b/g]],
    ["a URL", new URL("https://a.b/"), ["https://a.b/", new URL("https://a.b/c")]],
    ["bytes", new Uint8Array([1]), [[1], new Int8Array([1]), "1"]],
    ["a text that reads as a call", "Date(1)", [new Date(1)]],
  ])("%s", (_name, value, others) => {
    for (const other of others) expect(canonicalText(value)).not.toBe(canonicalText(other));
  });
});

test("what cannot be stored is refused", () => {
  expect(() => canonicalText({ a: () => 1 })).toThrow("value.a is a function");
});
