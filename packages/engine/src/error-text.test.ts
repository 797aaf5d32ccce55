import { DeclaredFailure } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { decodeError, encodeError, toReason, toStoredError, toThrowable } from "./error-text.ts";

const throughStorage = (thrown: unknown): unknown => toThrowable(decodeError(encodeError(toStoredError(thrown))));

test("a cause is an Error again exactly when it was one", () => {
  const plain = { name: "upstream", message: "busy", retryAfter: 5 };
  const error = new Error("outer", { cause: new TypeError("inner", { cause: plain }) });
  const { cause } = throughStorage(error) as Error;
  expect(cause).toBeInstanceOf(Error);
  expect(cause).toMatchObject({ name: "TypeError", message: "inner" });
  expect((cause as Error).cause).not.toBeInstanceOf(Error);
  expect((cause as Error).cause).toEqual(plain);
});

test("an error that was stored without a mark on its cause is read as before", () => {
  const text = '{"json":{"name":"Error","message":"outer","cause":{"name":"TypeError","message":"inner"}}}';
  const { cause } = toThrowable(decodeError(text)) as Error;
  expect(cause).toBeInstanceOf(Error);
  expect(cause).toMatchObject({ name: "TypeError", message: "inner" });
});

test("somebody else's error of the name JobError stays what it is", () => {
  const error = Object.assign(new Error("odd"), { name: "JobError", runId: 5 });
  expect(throughStorage(error)).toMatchObject({ name: "JobError", message: "odd", runId: 5 });
});

test.each([
  [new Error("busy"), "busy"],
  [new RangeError("too far"), "RangeError: too far"],
  [new Error(""), "Error"],
  ["no error at all", "no error at all"],
  [
    new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }),
    "TypeError: fetch failed (connect ECONNREFUSED)",
  ],
  // As Node does where a name has several addresses.
  [
    new TypeError("fetch failed", { cause: Object.assign(new AggregateError([]), { code: "ECONNREFUSED" }) }),
    "TypeError: fetch failed (ECONNREFUSED)",
  ],
  [new Error("outer", { cause: "the weather" }), "outer (the weather)"],
  [new DeclaredFailure("DECLINED", {}, "DECLINED"), "DECLINED"],
  [new DeclaredFailure("DECLINED", {}, "no funds"), "DECLINED: no funds"],
])("%o is said in half a sentence", (thrown, reason) => {
  expect(toReason(toStoredError(thrown))).toBe(reason);
});

test("what is very long is cut in a sentence, and kept whole beside it", () => {
  for (const error of [new Error("😀".repeat(9_999)), new Error("no", { cause: "x".repeat(9_999) })]) {
    const reason = toReason(toStoredError(error));
    expect(reason.length).toBeLessThan(1_100);
    expect(reason).toMatch(/…\)?$/);
    expect(reason.isWellFormed()).toBe(true);
  }
  expect(toReason(toStoredError(new Error("y".repeat(500))))).toBe("y".repeat(500));
});
