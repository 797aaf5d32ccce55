import * as fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidOptionError } from "./errors.ts";
import { retryDelayMs, type RetryOptions, toRetryPolicy } from "./retry.ts";

const noRandom = (): number => 0;

test("no options mean one attempt, {} means five", () => {
  expect(toRetryPolicy(undefined).limit).toBe(1);
  expect(toRetryPolicy({})).toEqual({
    limit: 5,
    factor: 1.8,
    minTimeoutInMs: 1_000,
    maxTimeoutInMs: 60_000,
    randomize: true,
  });
  expect(toRetryPolicy({ limit: undefined, randomize: undefined })).toEqual(toRetryPolicy({}));
});

test("each pause is the factor times the one before, up to the longest, and after the last attempt there is none", () => {
  const policy = toRetryPolicy({ limit: 5, factor: 2, minTimeoutInMs: 100, maxTimeoutInMs: 500, randomize: false });
  expect([1, 2, 3, 4, 5, 6].map((attempt) => retryDelayMs(policy, attempt, noRandom))).toEqual([
    100,
    200,
    400,
    500,
    null,
    null,
  ]);
});

test("a random pause lies between the plain one and twice that", () => {
  const policy = toRetryPolicy({ limit: 3, factor: 2, minTimeoutInMs: 100 });
  expect(retryDelayMs(policy, 1, () => 0)).toBe(100);
  expect(retryDelayMs(policy, 1, () => 0.5)).toBe(150);
  expect(retryDelayMs(policy, 2, () => 0.999)).toBe(400);
});

test("a pause is always whole, within its bounds, and never NaN", () => {
  const options = fc.record({
    limit: fc.integer({ min: 2, max: 1_000 }),
    factor: fc.double({ min: 0, max: 1e6, noNaN: true }),
    minTimeoutInMs: fc.integer({ min: 0, max: 1e9 }),
    maxTimeoutInMs: fc.integer({ min: 0, max: 1e9 }),
  });
  fc.assert(
    fc.property(options, fc.nat(998), fc.double({ min: 0, max: 0.999, noNaN: true }), (given, nth, random) => {
      const pause = retryDelayMs(toRetryPolicy(given), Math.min(nth + 1, given.limit - 1), () => random);
      expect(pause).toSatisfy((ms: number) => Number.isInteger(ms) && ms >= 0 && ms <= given.maxTimeoutInMs);
    }),
  );
});

test.each<[RetryOptions, string]>([
  [{ limit: 0 }, 'Option "retry.limit": 0 is not a number of attempts'],
  [{ limit: 1.5 }, 'Option "retry.limit"'],
  [{ limit: Infinity }, 'Option "retry.limit"'],
  [{ factor: -1 }, 'Option "retry.factor": -1 is not usable'],
  [{ minTimeoutInMs: Number.NaN }, 'Option "retry.minTimeoutInMs"'],
  [{ maxTimeoutInMs: Infinity }, 'Option "retry.maxTimeoutInMs"'],
  [{ minTimeoutInMs: 1e300 }, 'Option "retry.minTimeoutInMs": 1e+300 is not usable: give milliseconds from 0'],
  [{ maxTimeoutInMs: 8.64e15 }, 'Option "retry.maxTimeoutInMs": 8640000000000000 is not usable'],
  [{ maxTimeoutInMs: -1 }, 'Option "retry.maxTimeoutInMs": -1 is not usable'],
  [{ lmit: 3 } as object, 'Option "retry.lmit": there is no such option; known are limit, factor, minTimeoutInMs,'],
])("%j is refused", (options, message) => {
  expect(() => toRetryPolicy(options)).toThrow(message);
});

test.each([
  [3, "3"],
  [null, "null"],
  ["x", '"x"'],
  [true, "true"],
  [[3], "an array of 1"],
  [() => 3, "a function"],
])("%j is no retry policy, and is not taken for an empty one", (retry, told) => {
  const reason = `${told} is no retry policy: write an object, such as { limit: 3 }`;
  expect(() => toRetryPolicy(retry as RetryOptions)).toThrow(new InvalidOptionError("retry", reason));
});
