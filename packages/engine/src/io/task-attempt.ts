import { AbortReason } from "@beckon/core/runtime";
import type { IO, Task } from "@beckon/core/runtime";
import type { Clock } from "../clock.ts";

export type AttemptResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: unknown };

interface Attempt {
  readonly handle: Task;
  readonly io: IO;
  readonly timeoutMs: number | null;
  readonly clock: Clock;
}

/** Calls a task's function once. Whatever it throws is a value here; over its time it has failed, and its signal aborts. */
export async function runAttempt(run: (task: Task, io: IO) => unknown, attempt: Attempt): Promise<AttemptResult> {
  const timer = attempt.timeoutMs === null ? null : startTimeout(attempt, attempt.timeoutMs);
  try {
    const value = run(timer?.handle ?? attempt.handle, attempt.io);
    return { ok: true, value: timer === null ? await value : await Promise.race([value, timer.over]) };
  } catch (error) {
    return { ok: false, error };
  } finally {
    timer?.stop();
  }
}

function startTimeout(
  { handle, clock }: Attempt,
  timeoutMs: number,
): { handle: Task; over: Promise<never>; stop: () => void } {
  const own = new AbortController();
  const signal = AbortSignal.any([handle.signal, own.signal]);
  const { promise: over, reject } = Promise.withResolvers<never>();
  const stop = clock.setTimer(clock.now() + timeoutMs, () => {
    const reason = new AbortReason("task-timeout", `Task "${handle.id}" did not finish within ${timeoutMs} ms.`);
    own.abort(reason);
    reject(reason);
  });
  const { id, attempt, idempotencyKey } = handle;
  return { handle: { id, attempt, idempotencyKey, signal }, over, stop };
}
