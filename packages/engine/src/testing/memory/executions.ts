import { toLogKey } from "../../store/log-key.ts";
import type { Claim, ClaimedRun, NewEvent, StatusWrite, StepWrites } from "../../store/records.ts";
import type { StepOutcome } from "../../store/store.ts";
import { toTaskEvent } from "../../store/task-event.ts";
import { findClaimed, isWorkerAlive, type MemoryCommit, type MemoryRun, type MemoryState } from "./memory-state.ts";
import { readyRuns } from "./places.ts";
import { toClaimedRun } from "./snapshots.ts";
import { appendEvent, isExpired, transition } from "./status.ts";
import { deliverSignal, recordTask } from "./waits.ts";

export function claimRuns(
  commit: MemoryCommit,
  request: { readonly workerId: string; readonly limit: number; readonly ahead?: number | undefined },
): ClaimedRun[] {
  const { now } = commit;
  const claimable = claimableRuns(commit, request.workerId);
  const ahead = claimable.slice(request.limit).filter((run) => run.limitId === null && run.expiresAt === null);
  return [...claimable.slice(0, request.limit), ...ahead.slice(0, request.ahead ?? 0)].map((run) => {
    transition(commit, run, "claim");
    run.workerId = request.workerId;
    run.lease += 1;
    run.executionCount += 1;
    run.startedAt ??= now;
    return toClaimedRun(run);
  });
}

/** The ready runs that this worker may have, in the order of their turns. */
export function claimableRuns({ state, now }: MemoryCommit, workerId: string): MemoryRun[] {
  if (!isWorkerAlive(state, workerId)) return [];
  const jobIds = new Set(state.workers.get(workerId)?.jobs.map((job) => job.id));
  return readyRuns(state).filter((run) => jobIds.has(run.jobId) && !isExpired(run, now));
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
