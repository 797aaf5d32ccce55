import { toLogKey } from "../../store/log-key.ts";
import type { Claim, ClaimedRun, NewEvent, StatusWrite, StepWrites } from "../../store/records.ts";
import type { StepOutcome } from "../../store/store.ts";
import { toTaskEvent } from "../../store/task-event.ts";
import { findClaimed, isWorkerAlive, type MemoryCommit, type MemoryRun, type MemoryState } from "./memory-state.ts";
import { assignPlaces, claimableSuspects, readyRuns } from "./places.ts";
import { toClaimedRun } from "./snapshots.ts";
import { appendEvent, isExpired, transition } from "./status.ts";
import { deliverSignal, recordTask } from "./waits.ts";

export function claimRuns(
  commit: MemoryCommit,
  request: {
    readonly workerId: string;
    readonly limit: number;
    readonly ahead?: number | undefined;
    readonly suspect?: boolean | undefined;
    readonly mostCrashes?: number | undefined;
  },
): ClaimedRun[] {
  const { workerId, mostCrashes = Number.POSITIVE_INFINITY } = request;
  const mayHaveSuspect = request.suspect === true && request.limit > 0;
  const suspect = mayHaveSuspect ? claimSuspect(commit, workerId, mostCrashes) : null;
  const limit = request.limit - (suspect === null ? 0 : 1);
  const claimable = claimableRuns(commit, workerId);
  const ahead = claimable.slice(limit).filter((run) => run.limitId === null && run.expiresAt === null);
  const ready = [...claimable.slice(0, limit), ...ahead.slice(0, request.ahead ?? 0)];
  for (const run of ready) beginExecution(commit, run, workerId);
  return [...(suspect === null ? [] : [suspect]), ...ready].map(toClaimedRun);
}

function claimSuspect(commit: MemoryCommit, workerId: string, mostCrashes: number): MemoryRun | null {
  const isServed = jobsOf(commit.state, workerId);
  const suspect = claimableSuspects(commit.state).find((run) => run.crashCount <= mostCrashes && isServed(run.jobId));
  if (suspect === undefined) return null;
  beginExecution(commit, suspect, workerId);
  // A ready run may have lost its place to it.
  assignPlaces(commit.state);
  return suspect;
}

function beginExecution(commit: MemoryCommit, run: MemoryRun, workerId: string): void {
  transition(commit, run, "claim");
  run.workerId = workerId;
  run.lease += 1;
  run.executionCount += 1;
  run.startedAt ??= commit.now;
}

/** The ready runs that this worker may have, in the order of their turns. */
export function claimableRuns({ state, now }: MemoryCommit, workerId: string): MemoryRun[] {
  const isServed = jobsOf(state, workerId);
  return readyRuns(state).filter((run) => isServed(run.jobId) && !isExpired(run, now));
}

/** Of which jobs the worker may have runs: none when it is dead. */
function jobsOf(state: MemoryState, workerId: string): (jobId: string) => boolean {
  const jobs = isWorkerAlive(state, workerId) ? state.workers.get(workerId)?.jobs : undefined;
  const ids = new Set(jobs?.map((job) => job.id));
  return (jobId) => ids.has(jobId);
}

export function recordSteps(commit: MemoryCommit, writes: StepWrites): StepOutcome {
  const run = findClaimed(commit.state, writes.claim);
  if (run === undefined) return { kind: "lost" };
  if (writes.payload !== null) run.payload = writes.payload;
  // Before the steps: that one begins to wait is told before that it waits no more.
  writeProgress(commit, run, writes);
  // Before the steps: a run that waits for the signal it sends finds it kept, when nobody waited longer.
  for (const signal of writes.signals) deliverSignal(commit, signal);
  for (const taskId of writes.forgotten ?? []) run.tasks.delete(taskId);
  const resolved = writes.tasks.map((task) => recordTask(commit, run, task)).filter((task) => task !== null);
  return { kind: "recorded", resolved };
}

export function writeProgress(
  commit: MemoryCommit,
  run: MemoryRun,
  progress: { readonly events: readonly NewEvent[]; readonly statuses: readonly StatusWrite[] },
): void {
  for (const status of progress.statuses) run.statuses.set(status.key, status);
  for (const event of progress.events) {
    switch (event.type) {
      case "task":
        appendEvent(commit, run, toTaskEvent(event.task, event.at));
        break;
      case "status-record":
        appendEvent(commit, run, event);
        break;
      case "log": {
        const { scope, ...log } = event;
        const key = toLogKey({ scope, level: log.level });
        appendEvent(commit, run, log);
        run.logCounts.set(key, (run.logCounts.get(key) ?? 0) + 1);
      }
    }
  }
}

export function findLostClaims(
  state: MemoryState,
  claims: readonly Claim[],
): { claim: Claim; status: MemoryRun["status"] | null }[] {
  return claims
    .filter((claim) => findClaimed(state, claim) === undefined)
    .map((claim) => ({ claim, status: state.runs.get(claim.runId)?.status ?? null }));
}
