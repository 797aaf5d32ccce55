import { expect, test } from "vitest";
import { formatRate, successRateOf, toJobRows } from "./job-rows.ts";

test("a rate is shown as all only when it is all", () => {
  expect(formatRate(1)).toBe("100 %");
  expect(formatRate(0.9999)).toBe("99.9 %");
  expect(formatRate(0.5)).toBe("50 %");
});

test("a job of which nothing ended has no rate", () => {
  expect(successRateOf({ succeeded: 0, failed: 0 })).toBeNull();
  expect(successRateOf({ succeeded: 3, failed: 1 })).toBe(0.75);
});

test("how a job fared is not known before that is answered", () => {
  const job = { id: "greet", name: "Greet" } as Parameters<typeof toJobRows>[0][number];
  expect(toJobRows([job], undefined, "")).toEqual([{ job, activity: null }]);
});
