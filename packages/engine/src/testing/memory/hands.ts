import { isTerminal, type RunStatus } from "@beckon/core/runtime";
import type { HandVerbs } from "../../store/store.ts";
import { findKeyHolder } from "./births.ts";
import { endRun, forgetFailures } from "./endings.ts";
import { writeProgress } from "./executions.ts";
import { type MemoryCommit, type MemoryRun, type MemoryState, toKeyId } from "./memory-state.ts";
import { keepPlace, renewLimit } from "./places.ts";
import { lineUp, transition } from "./status.ts";
import { recordTask } from "./waits.ts";

export function cancelRun(
  commit: MemoryCommit,
  runId: string,
): { kind: "canceled"; runIds: string[] } | { kind: "finished"; status: RunStatus } | { kind: "not-found" } {
  const { state } = commit;
  const run = state.runs.get(runId);
  if (run === undefined) return { kind: "not-found" };
  if (isTerminal(run.status)) return { kind: "finished", status: run.status };
  // From the top down: a parent that has ended is not woken by the end of its children.
  const canceled = treeOf(state, run).filter((member) => !isTerminal(member.status));
  for (const member of canceled) {
    if (member.status === "EXECUTING") keepPlace(state, member);
    endRun(commit, member, { how: "cancel", output: null, error: null });
  }
  return { kind: "canceled", runIds: canceled.map((member) => member.id) };
}

/** The run and what it made, finished or not, down to what was detached. */
function treeOf(state: MemoryState, root: MemoryRun): MemoryRun[] {
  const made = [...state.runs.values()].filter((run) => run.parentRunId === root.id && !run.isDetached);
  return [root, ...made.flatMap((run) => treeOf(state, run))];
}

export function retryRun(
  commit: MemoryCommit,
  { runId, told }: Pick<Parameters<HandVerbs["retryRun"]>[0], "runId" | "told">,
):
  | { kind: "reopened" }
  | { kind: "refused"; status: RunStatus }
  | { kind: "key-taken"; runId: string }
  | { kind: "not-found" } {
  const { state, now } = commit;
  const run = state.runs.get(runId);
  if (run === undefined) return { kind: "not-found" };
  if (!isTerminal(run.status) || run.status === "SUCCESS") return { kind: "refused", status: run.status };
  if (run.idempotency !== null) {
    const keyId = toKeyId(run.jobId, run.idempotency.key);
    const holder = findKeyHolder(state, keyId, now);
    if (holder !== undefined) return { kind: "key-taken", runId: holder.runId };
    state.keys.set(keyId, { runId, digest: run.idempotency.digest, expiresAt: run.idempotency.expiresAt });
  }
  if (told !== undefined) writeProgress(commit, run, { events: [told], statuses: [] });
  reopen(commit, run);
  return { kind: "reopened" };
}

function reopen(commit: MemoryCommit, run: MemoryRun): void {
  transition(commit, run, "retry by hand");
  forgetFailures(commit.state, run);
  renewLimit(commit.state, run);
  run.attempt += 1;
  run.completedAt = null;
  run.executionMsAtRetry = run.executionMs;
  lineUp(run, commit.now);
  // What open waits look out for may have come while the run was finished: they are recorded anew.
  for (const task of run.tasks.values()) if (task.status === "WAITING") recordTask(commit, run, task);
  // The run is not finished any more: there is nothing to tell until it ends again.
  for (const delivery of commit.state.deliveries) {
    if (delivery.runId === run.id) commit.state.deliveries.delete(delivery);
  }
}

export function setJobPaused({ state }: MemoryCommit, jobId: string, isPaused: boolean): void {
  if (isPaused) state.pausedJobs.add(jobId);
  else state.pausedJobs.delete(jobId);
}
