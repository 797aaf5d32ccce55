import { toShare } from "../../store/limit-share.ts";
import type { Claim } from "../../store/records.ts";
import { isSuspect } from "../../store/suspects.ts";
import type { MemoryRun, MemoryState } from "./memory-state.ts";

/** Whose turn is first: higher priority, then first come, then the order of birth. */
export function byTurn(left: MemoryRun, right: MemoryRun): number {
  if (left.priority !== right.priority) return right.priority - left.priority;
  const byArrival = (left.queuedAt ?? 0) - (right.queuedAt ?? 0);
  if (byArrival !== 0) return byArrival;
  return left.id < right.id ? -1 : 1;
}

/** Runs that may start now, in the order they are claimed. */
export function readyRuns(state: MemoryState): MemoryRun[] {
  return [...state.live].filter((run) => run.status === "QUEUED" && run.hold === null).toSorted(byTurn);
}

/**
 * Decides for every QUEUED run whether it may start. It is decided anew after every verb, from nothing but
 * the state: whatever freed a place or moved a run up its line needs no code of its own.
 */
export function assignPlaces(state: MemoryState): void {
  const queued = [...state.live].filter((run) => run.status === "QUEUED");
  for (const run of queued) run.hold = holdOf(state, run);
  const inLine = queued.filter((run) => run.hold === null && run.limitId !== null).toSorted(byTurn);
  const free = new Map<string, number>();
  for (const run of inLine) {
    const limitId = run.limitId as string;
    const left = free.get(limitId) ?? maxOf(state, limitId) - runningFunctions(state, limitId).length;
    if (left <= 0) run.hold = "limit";
    free.set(limitId, left - 1);
  }
}

/** What holds it back whatever its limit has left. */
function holdOf(state: MemoryState, run: MemoryRun): MemoryRun["hold"] {
  if (state.pausedJobs.has(run.jobId)) return "paused";
  return isSuspect(run) ? "suspect" : null;
}

/** The suspects that may be executed, in the order they are claimed. */
export function claimableSuspects(state: MemoryState): MemoryRun[] {
  return [...state.live]
    .filter((run) => run.status === "QUEUED" && run.hold === "suspect" && hasPlaceFor(state, run))
    .toSorted(byCrashes);
}

/** The fewest crashes, then the newest. */
export function byCrashes(left: MemoryRun, right: MemoryRun): number {
  return left.crashCount - right.crashCount || (left.id > right.id ? -1 : 1);
}

/** A free one, or that of a ready run which comes after it. */
function hasPlaceFor(state: MemoryState, run: MemoryRun): boolean {
  const { limitId } = run;
  if (limitId === null || placeHolders(state, limitId).length < maxOf(state, limitId)) return true;
  return readyRuns(state).some((other) => other.limitId === limitId && byTurn(run, other) < 0);
}

export function maxOf(state: MemoryState, limitId: string): number {
  return state.limits.get(limitId) ?? Number.POSITIVE_INFINITY;
}

/** The runs that hold a place of the limit: their functions run, or they may start. */
export function placeHolders(state: MemoryState, limitId: string): string[] {
  const ready = readyRuns(state).filter((run) => run.limitId === limitId);
  return [...runningFunctions(state, limitId), ...ready.map((run) => run.id)];
}

function runningFunctions(state: MemoryState, limitId: string): string[] {
  const executing = [...state.live].filter((run) => run.status === "EXECUTING" && run.limitId === limitId);
  const lingering = [...state.lingering].filter((place) => place.limitId === limitId);
  return [...executing.map((run) => run.id), ...lingering.map((place) => place.claim.runId)];
}

/** The run counts against the limit that its job has by now, where a worker has defined that: with a key, against its share. */
export function renewLimit(state: MemoryState, run: MemoryRun): void {
  const named = state.jobLimits.get(run.jobId);
  if (named === undefined) return;
  const limit = toShare(named, run.concurrencyKey);
  run.limitId = limit?.id ?? null;
  if (limit !== null) state.limits.set(limit.id, limit.max);
}

/** The run ends while its function goes on: the place is free only when that has settled, too. */
export function keepPlace(state: MemoryState, run: MemoryRun): void {
  if (run.limitId === null || run.workerId === null) return;
  state.lingering.add({ claim: { runId: run.id, lease: run.lease }, workerId: run.workerId, limitId: run.limitId });
}

/** The function that ran under this claim has settled. */
export function freePlace(state: MemoryState, claim: Claim): void {
  for (const place of state.lingering) {
    if (place.claim.runId === claim.runId && place.claim.lease === claim.lease) state.lingering.delete(place);
  }
}
