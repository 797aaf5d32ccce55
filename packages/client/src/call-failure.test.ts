import { expect, onTestFinished, test, vi } from "vitest";
import { refusedCall } from "./call-failure.ts";

function readPause(retryAfter: string | undefined): number {
  const headers = new Headers(retryAfter === undefined ? {} : { "retry-after": retryAfter });
  return refusedCall({ status: 503, message: "busy", headers }).retryAfterMs;
}

test("Retry-After is read in seconds and as a date; one that is over, or is neither, asks for no pause", () => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-01-01T00:00:00Z") });
  onTestFinished(() => void vi.useRealTimers());
  expect(readPause("0")).toBe(0);
  expect(readPause("120")).toBe(120_000);
  expect(readPause("Thu, 01 Jan 2026 00:02:30 GMT")).toBe(150_000);
  expect(readPause("Wed, 31 Dec 2025 23:59:59 GMT")).toBe(0);
  expect(readPause("soon")).toBe(0);
  expect(readPause(undefined)).toBe(0);
});
