import { isDeepStrictEqual } from "node:util";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";
import { parse } from "superjson";
import { describe, expect, test } from "vitest";
import { canonicalText } from "./canonical-text.ts";
import { annotate, decode, encode, restore } from "./codec.ts";

const roundTrip = (value: unknown): unknown => decode(encode(value, "payload"));

/** Every UTF-16 string, lone surrogates included. */
const anyText = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
/** Without backslashes: after a key with one, V8's JSON.parse may misread other keys (nodejs/node issue 63785). */
const anyKey = fc
  .oneof(anyText, fc.constantFrom("", ".", "a.b", "..", "0", "json", "meta", "toString", "then"))
  .filter((key) => !key.includes("\\") && !["__proto__", "constructor", "prototype"].includes(key));

const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(
      anyText,
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.bigInt(),
      fc.constantFrom(undefined, null, Number.NaN, -0, 1n, Infinity, -Infinity),
      fc.date({ noInvalidDate: true }),
      fc.constantFrom(new URL("https://example.com/a?b=c#d"), /a\/b[/]\n"/giu),
      fc.uint8Array(),
      fc.float64Array({ noNaN: true, noDefaultInfinity: true }).map((numbers) => numbers.map((number) => number + 0)),
    ),
    fc.array(tie("value")),
    fc.dictionary(anyKey, tie("value"), { noNullPrototype: true, maxKeys: 5 }),
    fc.array(fc.tuple(tie("value"), tie("value"))).map((entries) => new Map(entries)),
    fc.array(tie("value")).map((members) => new Set(members)),
  ),
}));

test("every storable value comes back as itself, and canonically equal", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const back = roundTrip(value);
      // Not toStrictEqual: it takes some equal Sets of objects for different ones.
      expect(isDeepStrictEqual(back, value)).toBe(true);
      expect(canonicalText(back)).toBe(canonicalText(value));
    }),
    { numRuns: 1_000 },
  );
});

test("every JSON value is written as plain JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      fc.pre(!/"(__proto__|constructor|prototype)":|-0/.test(JSON.stringify(value)) && !hasNegativeZero(value));
      expect(encode(value, "payload")).toBe(`{"json":${JSON.stringify(value)}}`);
      expect(roundTrip(value)).toStrictEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

function hasNegativeZero(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return Object.is(value, -0);
  return Object.values(value).some(hasNegativeZero);
}

describe("B11 each of these comes back as itself, alone and nested", () => {
  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["0", 0],
    ["-0", -0],
    ["false", false],
    ["the empty string", ""],
    ["the empty array", []],
    ["the empty object", {}],
    ["NaN", Number.NaN],
    ["Infinity", -Infinity],
    ["a Date", new Date("2026-02-03T04:05:06.789Z")],
    ["the last Date", new Date(8.64e15)],
    [
      "a Map",
      new Map<unknown, unknown>([
        ["a", new Date(1)],
        [new Date(2), 1n],
        [new Date(3), undefined],
        [{ a: 1 }, new Set([1])],
      ]),
    ],
    ["a Set", new Set([1n, "a", undefined, Number.NaN])],
    ["a BigInt", 12345678901234567890n],
    ["a RegExp", /a\/b/giu],
    ["a URL", new URL("https://example.com/?a=1#b")],
    ["bytes", new Uint8Array([0, 255])],
    ["text with NUL, emoji and lone surrogates", "\0 🚀 \ud800 \udfff"],
    ["an object with odd keys", { "": 1n, "a.b": { "c\\": new Date(3) }, "0": undefined, "\ud800": -0 }],
  ])("%s", (_name, value) => {
    expect(roundTrip(value)).toStrictEqual(value);
    expect(roundTrip({ deep: [value, { value }] })).toStrictEqual({ deep: [value, { value }] });
    expect(restore(JSON.parse(JSON.stringify(annotate(value, "payload"))))).toStrictEqual(value);
  });
});

describe("undefined, which most jobs and many steps return", () => {
  test("takes two bytes where it is kept, and any superjson reads it back", () => {
    expect(encode(undefined, "output")).toBe("{}");
    expect(decode("{}")).toBeUndefined();
    expect(parse("{}")).toBeUndefined();
  });

  test("is read as earlier versions kept it, which is what the wire says", () => {
    const annotated = { json: null, meta: { values: ["undefined"], v: 1 } };
    expect(annotate(undefined, "output")).toEqual(annotated);
    expect(decode(JSON.stringify(annotated))).toBeUndefined();
  });

  test("is not mistaken for an empty object", () => {
    expect(roundTrip({})).toStrictEqual({});
    expect(roundTrip([undefined, {}])).toStrictEqual([undefined, {}]);
  });
});

test("an object that is met twice comes back twice, in Sets and Maps too", () => {
  const shared = { at: new Date(1) };
  const value = { list: [shared, shared], set: new Set([shared, Number.NaN, 5n]), more: [Number.NaN, 5n, shared.at] };
  const back = roundTrip(value) as typeof value;
  expect(back).toStrictEqual(value);
  expect([...back.set]).toStrictEqual([...value.set]);
  expect(back.list[0]).not.toBe(back.list[1]);
});

test("a Buffer is kept as Uint8Array", () => {
  const pooled = Buffer.from("xhellox").subarray(1, 6);
  const back = roundTrip({ deep: [pooled] }) as { deep: Uint8Array[] };
  expect(back).toStrictEqual({ deep: [new TextEncoder().encode("hello")] });
  expect(canonicalText(pooled)).toBe(canonicalText(back.deep[0]));
});

test("a hole in an array is kept as undefined", () => {
  const sparse = Array<number>(3);
  sparse[1] = 1;
  expect(roundTrip(sparse)).toStrictEqual([undefined, 1, undefined]);
  expect(canonicalText(sparse)).toBe(canonicalText([undefined, 1, undefined]));
});

test("a plain object of another realm is plain, also around what JSON cannot say", () => {
  const value: unknown = runInNewContext("({ a: { b: [1n, { c: undefined }] } })");
  expect(roundTrip(value)).toStrictEqual({ a: { b: [1n, { c: undefined }] } });
});

test("an object without a prototype and one with getters are kept by their members", () => {
  expect(roundTrip(Object.assign(Object.create(null), { a: 1n }))).toStrictEqual({ a: 1n });
  expect(
    roundTrip({
      get now() {
        return 5;
      },
    }),
  ).toStrictEqual({ now: 5 });
});

test("what a host registers on superjson's shared instance changes nothing", async () => {
  const { default: shared } = await import("superjson");
  class Money {
    readonly cents = 5;
  }
  shared.registerClass(Money);
  expect(() => encode(new Money(), "payload")).toThrow("payload is a Money, which cannot be stored");
});
