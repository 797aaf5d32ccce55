import { expect, onTestFinished, test, vi } from "vitest";
import { within } from "./within.ts";

function holdTime(): void {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
}

test("a call that has its answer leaves no timer behind, nor one that failed", async () => {
  holdTime();
  expect(await within(1_000, async () => "answer")).toBe("answer");
  await expect(within(1_000, () => Promise.reject(new Error("refused")))).rejects.toThrow("refused");
  expect(vi.getTimerCount()).toBe(0);
});

test("the signal aborts after the time, and says so", async () => {
  holdTime();
  const aborted = within(1_000, (signal) => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    signal.addEventListener("abort", () => resolve(signal.reason));
    return promise;
  });
  vi.advanceTimersByTime(1_000);
  expect(await aborted).toMatchObject({ name: "TimeoutError", message: "there was no answer within 1000 ms" });
});
