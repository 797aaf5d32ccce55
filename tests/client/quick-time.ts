import { onTestFinished, vi } from "vitest";

/**
 * Up to the end of the test a millisecond passes in each turn of the event loop: what pauses for seconds does so by the clock, and the test
 * does not wait for it. Real servers answer as before.
 */
export function quickTime(): { readonly pass: (ms: number) => void } {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  const passOne = (): void => {
    vi.advanceTimersByTime(1);
    turn = setImmediate(passOne);
  };
  let turn = setImmediate(passOne);
  onTestFinished(() => {
    clearImmediate(turn);
    vi.useRealTimers();
  });
  // By the date only, as where the computer sleeps.
  return { pass: (ms) => void vi.setSystemTime(Date.now() + ms) };
}
