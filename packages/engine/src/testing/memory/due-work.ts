import { endRun } from "./endings.ts";
import type { MemoryCommit, MemoryRun, MemoryState } from "./memory-state.ts";
import { isExpired, lineUp, transition } from "./status.ts";
import { resolveStep, waitingSteps, type WaitingStep } from "./waits.ts";

/** Does what has become due, up to `limit` of each kind; resolves with when there is more to do. */
export function advanceTime(commit: MemoryCommit, limit: number): { nextAt: number | null } {
  const { state, now } = commit;
  for (const run of delayedRuns(state).filter(isDue(now)).slice(0, limit)) {
    const dueAt = run.wakeAt;
    transition(commit, run, "become due");
    lineUp(run, dueAt ?? now);
  }
  for (const step of timedSteps(state)
    .filter(({ task }) => isDue(now)(task))
    .slice(0, limit)) {
    resolveStep(commit, step, { resolution: step.task.wait?.kind === "time" ? "due" : "timed-out", output: null });
  }
  for (const run of unstartedRuns(state)
    .filter((candidate) => isExpired(candidate, now))
    .slice(0, limit)) {
    endRun(commit, run, { how: "expire", output: null, error: null });
  }
  return { nextAt: nextInstant(state) };
}

function isDue(now: number): (timed: { readonly wakeAt: number | null }) => boolean {
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
