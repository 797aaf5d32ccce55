import {
  canTransition,
  isTerminal,
  type RunStatus,
  type Transition,
  TRANSITIONS,
  type TransitionName,
} from "@beckon/core/runtime";
import type { StoredEvent } from "../../store/records.ts";
import type { MemoryCommit, MemoryRun } from "./memory-state.ts";

/** Takes the named step of the transition table: the only way a run's status changes once it is born. */
export function transition(commit: MemoryCommit, run: MemoryRun, name: TransitionName): void {
  if (!canTransition(name, run.status)) throw new Error(`Run ${run.id} cannot ${name} while it is ${run.status}.`);
  const { to } = TRANSITIONS.find((candidate) => candidate.name === name) as Transition;
  enterStatus(commit, run, to);
}

/** Also the birth's way into the first status. */
export function enterStatus(commit: MemoryCommit, run: MemoryRun, status: RunStatus): void {
  run.status = status;
  run.hold = null;
  run.parkedOn = new Set();
  if (isTerminal(status)) commit.state.live.delete(run);
  else commit.state.live.add(run);
  appendEvent(commit, run, { type: "status", at: commit.now, status });
}

type Unnumbered<Event> = Event extends unknown ? Omit<Event, "seq"> : never;

export function appendEvent(commit: MemoryCommit, run: MemoryRun, event: Unnumbered<StoredEvent>): void {
  run.eventCount += 1;
  run.events.push({ ...event, seq: run.eventCount });
  commit.changed.add(run);
}

/** Gives the run its place in the queue, and the instant until which it may wait for its first start. */
export function lineUp(run: MemoryRun, queuedAt: number): void {
  run.queuedAt = queuedAt;
  run.wakeAt = null;
  run.expiresAt = run.ttlMs === null || run.startedAt !== null ? null : queuedAt + run.ttlMs;
}

/** Whether it waited for its first start for longer than it may. */
export function isExpired(run: MemoryRun, now: number): boolean {
  return run.status === "QUEUED" && run.startedAt === null && run.expiresAt !== null && run.expiresAt <= now;
}
