import { expect, test, vi } from "vitest";
import { systemClock } from "./clock.ts";

const DAY_MS = 86_400_000;

test("the system clock tells the machine's time", () => {
  const before = Date.now();
  expect(systemClock.now()).toBeGreaterThanOrEqual(before);
  expect(systemClock.now()).toBeLessThanOrEqual(Date.now());
});

test("a timer of the past fires in a later turn", async () => {
  let isSet = false;
  await new Promise<void>((resolve) => {
    systemClock.setTimer(0, () => {
      expect(isSet).toBe(true);
      resolve();
    });
    isSet = true;
  });
});

test("a timer fires once, however far away it is, unless it was canceled", async (t) => {
  vi.useFakeTimers();
  t.onTestFinished(() => void vi.useRealTimers());
  const fired: string[] = [];
  const startAt = systemClock.now();
  systemClock.setTimer(startAt + 60 * DAY_MS, () => fired.push("after 60 days"));
  const cancel = systemClock.setTimer(startAt + 61 * DAY_MS, () => fired.push("canceled"));

  vi.advanceTimersByTime(60 * DAY_MS - 1);
  expect(fired).toEqual([]);
  cancel();
  vi.advanceTimersByTime(2 * DAY_MS);
  expect(fired).toEqual(["after 60 days"]);
});

test("a timer hears within half a minute of a clock that went on while timers stood still, as in a suspended machine", (t) => {
  vi.useFakeTimers();
  t.onTestFinished(() => void vi.useRealTimers());
  const fired: string[] = [];
  const startAt = systemClock.now();
  systemClock.setTimer(startAt + DAY_MS, () => fired.push("after a day"));
  vi.setSystemTime(startAt + DAY_MS);
  vi.advanceTimersByTime(30_000);
  expect(fired).toEqual(["after a day"]);
});
