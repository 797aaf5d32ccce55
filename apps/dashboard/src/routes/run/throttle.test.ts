import { expect, onTestFinished, test, vi } from "vitest";
import { refresher } from "./throttle.ts";

const A_WHILE_MS = 1_000;
const TOO_LONG_MS = 20_000;

/** Something to read whose answers come when the test says so, and a page that reads it by a clock that is set. */
function openPage() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const left = new AbortController();
  const asked: (() => void)[] = [];
  const refresh = refresher(() => new Promise((answer) => void asked.push(answer)), left.signal);
  return { asked, refresh, left, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

test("what is asked comes to its end before it is asked anew, once for all that happened meanwhile", async () => {
  const { asked, refresh, pass } = openPage();
  refresh();
  await pass(A_WHILE_MS);
  refresh();
  refresh();
  await pass(A_WHILE_MS);
  expect(asked).toHaveLength(1);
  asked[0]?.();
  await pass(A_WHILE_MS);
  expect(asked).toHaveLength(2);
  asked[1]?.();
  await pass(TOO_LONG_MS);
  expect(asked).toHaveLength(2);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is never answered is asked anew, also where nothing happens any more, and news are read after it", async () => {
  const { asked, refresh, pass } = openPage();
  refresh();
  await pass(TOO_LONG_MS);
  expect(asked).toHaveLength(2);
  asked[1]?.();
  await pass(TOO_LONG_MS);
  expect(asked).toHaveLength(2);
  refresh();
  await pass(A_WHILE_MS);
  expect(asked).toHaveLength(3);
});

test("once the page is left, what is never answered is not asked anew", async () => {
  const { asked, refresh, pass, left } = openPage();
  refresh();
  await pass(A_WHILE_MS);
  left.abort();
  await pass(TOO_LONG_MS);
  expect(asked).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});
