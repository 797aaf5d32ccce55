import { endRun } from "./endings.ts";
import type { MemoryCommit, MemoryRun, MemoryState } from "./memory-state.ts";
import { isExpired, lineUp, transition } from "./status.ts";
import { resolveStep, waitingSteps, type WaitingStep } from "./waits.ts";

/** Does what has become due, up to `limit` of each kind, the earliest first; resolves with when there is more to do. */
export function advanceTime(commit: MemoryCommit, limit: number): { nextAt: number | null } {
  const { state, now } = commit;
  const delayed = delayedRuns(state).filter(isDue(now)).toSorted(byWake);
  for (const run of delayed.slice(0, limit)) {
    const dueAt = run.wakeAt;
    transition(commit, run, "become due");
    lineUp(run, dueAt ?? now);
  }
  const waits = timedSteps(state).filter(({ task }) => isDue(now)(task));
  for (const step of waits.toSorted((left, right) => byWake(left.task, right.task)).slice(0, limit)) {
    resolveStep(commit, step, { resolution: step.task.wait?.kind === "time" ? "due" : "timed-out", output: null });
  }
  const expired = unstartedRuns(state).filter((candidate) => isExpired(candidate, now));
  for (const run of expired.toSorted((left, right) => (left.expiresAt ?? 0) - (right.expiresAt ?? 0)).slice(0, limit)) {
    endRun(commit, run, { how: "expire", output: null, error: null });
  }
  return { nextAt: nextInstant(state) };
}

interface Timed {
  readonly wakeAt: number | null;
}

function byWake(left: Timed, right: Timed): number {
  return (left.wakeAt ?? 0) - (right.wakeAt ?? 0);
}

function isDue(now: number): (timed: Timed) => boolean {
  return ({ wakeAt }) => wakeAt !== null && wakeAt <= now;
}

function nextInstant(state: MemoryState): number | null {
  const instants = [
    ...delayedRuns(state).map((run) => run.wakeAt),
    ...timedSteps(state).map((step) => step.task.wakeAt),
    ...unstartedRuns(state).map((run) => run.expiresAt),
  ].filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

function delayedRuns(state: MemoryState): MemoryRun[] {
  return [...state.live].filter((run) => run.status === "DELAYED");
}

function timedSteps(state: MemoryState): WaitingStep[] {
  return waitingSteps(state).filter((step) => step.task.wakeAt !== null);
}

function unstartedRuns(state: MemoryState): MemoryRun[] {
  return [...state.live].filter((run) => run.status === "QUEUED" && run.startedAt === null && run.expiresAt !== null);
}
