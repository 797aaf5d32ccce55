/**
 * Makes a call whose signal aborts after the time. Nothing of it is left behind: the timer of an `AbortSignal.timeout` runs on
 * after an answer that came at once, and makes an error that nobody reads.
 */
export async function within<Value>(ms: number, call: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const over = new AbortController();
  const timer = setTimeout(
    () => over.abort(new DOMException(`There was no answer within ${ms} ms.`, "TimeoutError")),
    ms,
  );
  try {
    return await call(over.signal);
  } finally {
    clearTimeout(timer);
  }
}
