import { CallFailure } from "./call-failure.ts";

const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Makes a call again when the server could not take it, and, where it `isRepeatable` (sent twice it happens once),
 * when its answer was lost. Not any more once the signal aborts. Rejects with what the last failure means.
 */
export async function withRetries<Value>(
  isRepeatable: boolean,
  call: () => Promise<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (thrown) {
      if (!(thrown instanceof CallFailure)) throw thrown;
      const { kind, error } = thrown;
      const mayRepeat = kind === "unavailable" || (kind === "lost" && isRepeatable);
      if (!mayRepeat || attempt === ATTEMPTS) throw error;
      await pause(pauseMs(attempt, thrown), signal);
      if (signal?.aborted) throw error;
    }
  }
}

/**
 * 0.1 s, 0.4 s, 1.6 s and so on, stretched at random so that clients do not return together; or what the server asked for, if that is
 * longer: one that is away could else be asked as fast as it answers.
 */
export function pauseMs(attempt: number, { retryAfterMs }: CallFailure): number {
  return Math.min(Math.max(retryAfterMs, 25 * 4 ** attempt * (1 + Math.random())), LONGEST_PAUSE_MS);
}

/** Resolves after the time, or as soon as the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, ms);
    signal?.addEventListener("abort", finish);
    if (signal?.aborted) finish();
  });
}
