/** Timers of platforms know no longer time. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes a call whose signal aborts after the time. Nothing of it is left behind: the timer of an `AbortSignal.timeout` runs on
 * after an answer that came at once, and makes an error that nobody reads.
 */
export async function within<Value>(ms: number, call: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const over = new AbortController();
  const timer = setTimeout(
    () => over.abort(new DOMException(`there was no answer within ${ms} ms`, "TimeoutError")),
    Math.min(Math.max(ms, 0), LONGEST_TIMER_MS),
  );
  try {
    return await call(over.signal);
  } finally {
    clearTimeout(timer);
  }
}
