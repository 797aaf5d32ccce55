import * as fc from "fast-check";
import SuperJSON from "superjson";
import { describe, expect, test } from "vitest";
import { annotate, type Annotated } from "./codec.ts";
import { restoreForeign } from "./restore-foreign.ts";

/** What is read on the other side of a wire. */
const sent = (annotated: unknown): Annotated => JSON.parse(JSON.stringify(annotated)) as Annotated;

const shared = { at: new Date(5) };

const values: readonly (readonly [string, unknown])[] = [
  ["plain JSON", { a: [1, "x", null] }],
  ["what JSON cannot say, at the root", new Map<unknown, unknown>([[new Date(1), new Set([1n, undefined])]])],
  ["odd keys", { "": 1n, "a.b": { "c\\": new Date(3) }, "0": Number.NaN, length: -0 }],
  ["bytes and floats", { list: [new Uint8Array([0, 255]), new Float64Array([0.5])] }],
  ["members of members", [new Set([new Map([[{ a: 1n }, [new Date(2)]]])]), /a\/b/giu, new URL("https://a.example/")]],
  ["one object in several places", { list: [shared, shared], map: new Map([["a", shared]]), set: new Set([shared]) }],
];

describe("what superjson wrote comes back as itself", () => {
  test.each(values)("%s", (_name, value) => {
    expect(restoreForeign(sent(annotate(value, "payload")))).toStrictEqual(value);
    expect(restoreForeign(sent(new SuperJSON().serialize(value)))).toStrictEqual(value);
    expect(restoreForeign(sent(new SuperJSON({ dedupe: true }).serialize(value)))).toStrictEqual(value);
  });

  test("paths of any keys", () => {
    const key = fc.string({ unit: fc.constantFrom("a", ".", "0", "-"), maxLength: 7 });
    fc.assert(
      fc.property(fc.dictionary(key, fc.dictionary(key, fc.constantFrom(1n, undefined, 1))), (value) => {
        expect(restoreForeign(sent(annotate(value, "payload")))).toEqual(value);
      }),
    );
  });

  test("annotations of versions that did not escape backslashes", () => {
    const annotated = { json: { "a\\b": { "c.d": "1" } }, meta: { values: { "a\\b.c\\.d": ["bigint"] } } };
    expect(restoreForeign(annotated)).toEqual({ "a\\b": { "c.d": 1n } });
  });

  test("an empty `meta`", () => {
    expect(restoreForeign(sent({ json: 1, meta: {} }))).toBe(1);
    expect(restoreForeign(sent({ json: 1, meta: null }))).toBe(1);
    expect(restoreForeign(sent({ json: 1, meta: { values: null } }))).toBe(1);
  });
});

test.for<[string, unknown, unknown, string]>([
  [
    "a number as a typed array of that length",
    { a: 134_217_728 },
    { a: [["typed-array", "Uint8Array"]] },
    'says of "a", which is no list',
  ],
  ["a text as a Set", "abc", ["set"], "which is no list"],
  [
    "a list as a number, and that by another path as a typed array",
    { a: { b: [134_217_728] } },
    { "a.b": ["number"], a: { b: [["typed-array", "Uint8Array"]] } },
    'annotates "b" twice',
  ],
  ["an index by another name", { a: [["1"]] }, { "a.00": ["bigint"] }, 'what is not there: "00" in "a"'],
  ["a member that has no name", [1, 2], { "": ["set"] }, 'what is not there: "" in "json"'],
  ["a member after what it is in", { a: ["1"] }, { a: ["set"], "a.0": ["bigint"] }, '"a" before what is in it'],
  ["what is not there", { a: 1 }, { "b.c": ["Date"] }, 'what is not there: "b" in "json"'],
  ["by a text", { a: 1 }, { a: "Date" }, 'annotations of "a" are none'],
])("annotations are refused: %s", ([, json, annotations, message]) => {
  expect(() => restoreForeign(sent({ json, meta: { values: annotations, v: 1 } }))).toThrow(message);
});

const pathAt = (level: number, last: number) => [...Array<number>(level).fill(0), last].join(".");

describe("references that make more of a value than was sent are refused", () => {
  test("to parts that hold each other twice", () => {
    let json: unknown = [0, 0];
    for (let level = 1; level < 60; level += 1) json = [json, 0];
    const pairs = Array.from({ length: 60 }, (_, level) => [pathAt(level, 0), [pathAt(level, 1)]] as const);
    const meta = { referentialEqualities: Object.fromEntries(pairs), v: 1 };
    expect(() => restoreForeign(sent({ json, meta }))).toThrow("far more of it than was sent");
  });

  test("to a long text, many times", () => {
    const json = ["x".repeat(100_000), ...Array<null>(100).fill(null)];
    const meta = { referentialEqualities: { "0": Array.from({ length: 100 }, (_, index) => `${index + 1}`) }, v: 1 };
    expect(() => restoreForeign(sent({ json, meta }))).toThrow("far more of it than was sent");
  });

  test("to what is not there, such as the last of four billion", () => {
    const meta = { referentialEqualities: { x: ["list.4294967290"] }, v: 1 };
    expect(() => restoreForeign(sent({ json: { list: [0], x: 1 }, meta }))).toThrow(
      'not there: "4294967290" in "list"',
    );
  });

  test("to members of a large Set, each of which is searched from its beginning", () => {
    const set = Array.from({ length: 10_000 }, (_, index) => index);
    const paths = Array.from({ length: 2_000 }, (_, index) => `set.${9_999 - index}`);
    const meta = { values: { set: ["set"] }, referentialEqualities: { x: paths }, v: 1 };
    expect(() => restoreForeign(sent({ json: { set, x: 1 }, meta }))).toThrow("large Sets and Maps too often");
  });

  test("to no paths", () => {
    const meta = { referentialEqualities: { x: [7] }, v: 1 };
    expect(() => restoreForeign(sent({ json: { x: 1 }, meta }))).toThrow("no lists of paths");
  });

  test("to what is around them", () => {
    const meta = { referentialEqualities: [["self"]], v: 1 };
    expect(() => restoreForeign(sent({ json: { self: null }, meta }))).toThrow("or a cycle");
  });
});
