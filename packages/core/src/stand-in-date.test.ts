import { expect, test, vi } from "vitest";
import { canonicalText } from "./canonical-text.ts";
import { decode, encode } from "./codec.ts";

const at = new Date("2030-05-01T00:00:00Z");

test("a Date of fake timers is a Date, under them and after them", () => {
  vi.useFakeTimers({ now: at });
  const made = new Date();
  try {
    expect(decode(encode({ made }, "payload"))).toEqual({ made: at });
    expect(canonicalText(made)).toBe(canonicalText(at));
  } finally {
    vi.useRealTimers();
  }
  expect(decode(encode(made, "payload"))).toStrictEqual(at);
});

test("a Date of the class that stands in for it at the moment is one, too", () => {
  vi.setSystemTime(at);
  try {
    expect(decode(encode([new Date(), new Date(0)], "payload"))).toEqual([at, new Date(0)]);
  } finally {
    vi.useRealTimers();
  }
});

test("a class of the user's that extends Date would lose what it adds", () => {
  class Day extends Date {}
  expect(() => encode(new Day(), "payload")).toThrow("payload is a Day, which cannot be stored");
  const marked = Object.assign(new Date(0), { note: "mine" });
  expect(() => encode(marked, "payload")).toThrow("payload.note is a property that would be lost");
  for (const constructor of ["mine", { mine: 1 }, RegExp])
    expect(() => encode(Object.assign(new Date(0), { constructor }), "payload")).toThrow("payload.constructor is");
});
