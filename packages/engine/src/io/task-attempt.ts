import { AbortReason } from "@beckon/core/runtime";
import type { IO, Task } from "@beckon/core/runtime";
import type { Clock } from "../clock.ts";
import { digestOf } from "../digest.ts";

export type AttemptResult =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly error: unknown;
      readonly handle: Task;
      /** It did not end within its time: its function may go on. */
      readonly isOverTime: boolean;
    };

interface Attempt {
  readonly handle: TaskHandle;
  readonly io: IO;
  readonly timeoutMs: number | null;
  readonly clock: Clock;
}

/** The attempt of a task, as its function sees it. */
export class TaskHandle implements Task {
  readonly id: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly #runId: string;

  constructor(runId: string, facts: Pick<Task, "id" | "attempt" | "signal">) {
    this.id = facts.id;
    this.attempt = facts.attempt;
    this.signal = facts.signal;
    this.#runId = runId;
  }

  /** Worked out when it is asked for: most tasks never do. */
  get idempotencyKey(): string {
    return digestOf([this.#runId, this.id]);
  }

  /** The same attempt, with a signal that aborts earlier. */
  endedBy(signal: AbortSignal): TaskHandle {
    return new TaskHandle(this.#runId, { id: this.id, attempt: this.attempt, signal });
  }
}

/** Calls a task's function once. Whatever it throws is a value here; over its time it has failed, and its signal aborts. */
export async function runAttempt(
  run: (task: Task, io: IO) => unknown,
  { handle, io, timeoutMs, clock }: Attempt,
): Promise<AttemptResult> {
  const timer = timeoutMs === null ? null : startTimeout(handle, timeoutMs, clock);
  try {
    const value = run(timer?.handle ?? handle, io);
    return { ok: true, value: timer === null ? await value : await Promise.race([value, timer.over]) };
  } catch (error) {
    return { ok: false, error, handle, isOverTime: timer?.isOver() ?? false };
  } finally {
    timer?.stop();
  }
}

function startTimeout(
  handle: TaskHandle,
  timeoutMs: number,
  clock: Clock,
): { handle: TaskHandle; over: Promise<never>; isOver: () => boolean; stop: () => void } {
  const own = new AbortController();
  const { promise: over, reject } = Promise.withResolvers<never>();
  const fail = (): void => {
    const reason = new AbortReason("task-timeout", `Task "${handle.id}" did not finish within ${timeoutMs} ms.`);
    own.abort(reason);
    reject(reason);
  };
  const stop = clock.setTimer(clock.now() + timeoutMs, fail, "deadline");
  const signal = AbortSignal.any([handle.signal, own.signal]);
  return { handle: handle.endedBy(signal), over, isOver: () => own.signal.aborted, stop };
}
