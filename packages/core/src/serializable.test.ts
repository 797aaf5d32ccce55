import { createContext, runInContext } from "node:vm";
import { expect, test } from "vitest";
import { UnserializableValueError } from "./errors.ts";
import { ENVELOPE_DEPTH, inspectValue } from "./serializable.ts";

class Money {
  readonly cents = 5;
}
class Tags extends Set<string> {}
class Rows extends Array<number> {}

const cyclic: Record<string, unknown> = { name: "a" };
cyclic["inner"] = [new Map([["self", cyclic]])];

test.each<[string, unknown, string]>([
  ["a function", { a: [{ send: () => 1 }] }, "payload.a[0].send is a function"],
  ["a symbol", [Symbol("x")], "payload[0] is a symbol"],
  ["a class instance", { price: new Money() }, "payload.price is a Money"],
  ["an Error", { failed: new TypeError("no") }, "payload.failed is a TypeError (throw it, or keep its message)"],
  ["a promise", { "not awaited": Promise.resolve() }, 'payload["not awaited"] is a Promise'],
  ["an invalid Date", new Map([["at", new Date("?")]]), "payload[1] is an invalid Date"],
  ["a function in a Set", new Set([() => 1]), "payload[0] is a function"],
  ["a boxed primitive", { s: Object("x") as unknown }, "payload.s is a String"],
  ["a subclass of Set", { tags: new Tags() }, "payload.tags is a Tags"],
  ["a subclass of Array", new Rows(1, 2), "payload is a Rows"],
  ["a WeakMap", new WeakMap(), "payload is a WeakMap"],
  ["an ArrayBuffer", new ArrayBuffer(1), "payload is an ArrayBuffer"],
  ["big integers in a typed array", new BigInt64Array(1), "payload is a BigInt64Array"],
  [
    "NaN in a typed array",
    { samples: new Float64Array([1, Number.NaN]) },
    "payload.samples[1] is NaN inside a Float64Array",
  ],
  ["-0 in a typed array", new Float32Array([-0]), "payload[0] is -0 inside a Float32Array"],
  ["a cycle", cyclic, "payload.inner[0][1] is a reference to what is around it (a cycle)"],
  ["__proto__ as a key", JSON.parse('{"a":{"__proto__":1}}'), 'payload.a.__proto__ is named "__proto__"'],
  ["constructor as a key", { constructor: 1 }, 'payload.constructor is named "constructor"'],
  ["a property under a symbol", { [Symbol("tag")]: 1 }, 'payload["Symbol(tag)"] is a property under a symbol'],
  [
    "a property that is not enumerable",
    Object.defineProperty({}, "x", { value: 1 }),
    "payload.x is a property that would be lost",
  ],
  ["toJSON", { toJSON: () => 1 }, "payload.toJSON is a function"],
  [
    "a hidden toJSON",
    Object.defineProperty({}, "toJSON", { value: () => 1 }),
    "payload.toJSON is a property that would be lost",
  ],
  [
    "a hidden toJSON of an array",
    Object.defineProperty([1], "toJSON", { value: () => 1 }),
    "payload.toJSON is a property that would be lost",
  ],
  ["named properties of an array", /a/.exec("a"), "payload.groups is a named property of an array"],
  [
    "a name like a number in an array",
    Object.assign([1], { [-1]: 2 }),
    'payload["-1"] is a named property of an array',
  ],
  ["a fraction in an array", Object.assign([1, 2], { 0.5: 3 }), 'payload["0.5"] is a named property of an array'],
  ["the empty name in an array", Object.assign([1], { "": 2 }), 'payload[""] is a named property of an array'],
  [
    "properties of bytes",
    Object.assign(new Uint8Array(2), { kind: 1 }),
    "payload.kind is a named property of an array",
  ],
  [
    "properties of floats",
    Object.assign(new Float32Array(2), { unit: 1 }),
    "payload.unit is a named property of an array",
  ],
  [
    "properties of a Buffer",
    Object.assign(Buffer.from("a"), { kind: 1 }),
    "payload.kind is a named property of an array",
  ],
  ["a RegExp's properties", Object.assign(/a/, { note: 1 }), "payload.note is a property that would be lost"],
  ["a URL's properties", Object.assign(new URL("a:b"), { note: 1 }), "payload.note is a property that would be lost"],
  ["properties of a Map", Object.assign(new Map(), { extra: 1 }), "payload.extra is a property that would be lost"],
  [
    "arguments",
    (function list(..._values: number[]) {
      return arguments;
    })(1),
    "payload.length is a property that would be lost",
  ],
  [
    "a disguise",
    {
      get [Symbol.toStringTag]() {
        return "Map";
      },
    },
    "is a property under a symbol",
  ],
])("%s is refused by its path", (_name, value, message) => {
  expect(() => inspectValue(value, "payload")).toThrow(UnserializableValueError);
  expect(() => inspectValue(value, "payload")).toThrow(message);
});

test("B37 the message names the place in the value and says what to keep instead", () => {
  expect(() => inspectValue({ socket: { on: () => 1 } }, 'The result of task "connect"')).toThrow(
    'The result of task "connect".socket.on is a function, which cannot be stored: ' +
      "keep plain data, and leave functions, sockets and class instances out.",
  );
});

test("nesting that no document has is refused rather than overflowing the stack", () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 100_000; depth += 1) value = [value];
  expect(() => inspectValue(value, "payload")).toThrow("is nested more than 500 levels deep");
});

test("an array that maps numbers to values is refused at once, rather than written hole by hole", () => {
  const byId: number[] = [];
  byId[3_000_000] = 1;
  expect(() => inspectValue({ byId }, "payload")).toThrow("payload.byId is an array of holes");
  expect(() => inspectValue(Array.from({ length: 1e6 }).fill(1), "payload")).not.toThrow();
});

test("holes are fine in a short array, and in a long one among enough members", () => {
  const long = Array.from({ length: 2_000 }, () => 1);
  long[19_999] = 1;
  for (const holey of [Array(3), Array(10_000), long]) expect(inspectValue(holey, "payload")).toBe("rich");
});

test("500 levels are fine", () => {
  let value: unknown = 1n;
  for (let depth = 0; depth < 500; depth += 1) value = { value };
  expect(inspectValue(value, "payload")).toBe("rich");
});

test("what is wrapped around a value of 500 levels can be sent, too", () => {
  let value: unknown = 1;
  for (let depth = 0; depth < 500; depth += 1) value = [value];
  const envelope = [{ result: { output: value } }];
  expect(() => inspectValue(envelope, "response")).toThrow("is nested more than 500 levels deep");
  expect(inspectValue(envelope, "response", ENVELOPE_DEPTH)).toBe("plain");
});

test("a value is rich exactly when JSON cannot say it", () => {
  expect(inspectValue({ a: [1, "x", null, false, {}] }, "payload")).toBe("plain");
  expect(inspectValue(runInContext("({ a: [1] })", createContext()), "payload")).toBe("plain");
  for (const rich of [undefined, 1n, -0, Number.NaN, new Date(0), new Map(), new Uint8Array(), [undefined]]) {
    expect(inspectValue({ rich }, "payload")).toBe("rich");
  }
});

/** As deep as asked for: each level holds the next one twice. */
function doubled(levels: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < levels; level += 1) value = [value, value];
  return value;
}

test("a few objects that would be written millions of times are refused, rather than walked", () => {
  const message = "payload is a few objects that hold each other so often";
  expect(() => inspectValue(doubled(60), "payload")).toThrow(UnserializableValueError);
  expect(() => inspectValue(doubled(60), "payload")).toThrow(message);
  const numbers = Array.from({ length: 2_000 }, () => 1);
  for (const many of [numbers, new Uint8Array(2_000), new Map(numbers.entries()), new Set(numbers.keys())])
    expect(() => inspectValue({ list: Array.from({ length: 2_000 }, () => many) }, "payload")).toThrow(message);
});

test("objects in several places, and values of millions of parts, are fine", () => {
  expect(inspectValue(doubled(10), "payload")).toBe("plain");
  const shared = { a: { b: [1, 2, 3] } };
  expect(
    inspectValue(
      Array.from({ length: 10_000 }, () => shared),
      "payload",
    ),
  ).toBe("plain");
  const rows = Array.from({ length: 300_000 }, (_, index) => ({ index, at: [index] }));
  expect(inspectValue(rows, "payload")).toBe("plain");
});
