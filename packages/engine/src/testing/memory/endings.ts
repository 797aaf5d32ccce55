import { isTerminal, type TransitionName } from "@beckon/core/runtime";
import { findAround } from "../../store/around-steps.ts";
import { addDelivery } from "./deliveries.ts";
import { type MemoryCommit, type MemoryRun, type MemoryState, toKeyId } from "./memory-state.ts";
import { transition } from "./status.ts";
import { tellOfEnd } from "./waits.ts";

export interface Ending {
  readonly how: Extract<TransitionName, "succeed" | "fail" | "time out" | "expire" | "cancel">;
  readonly output: string | null;
  readonly error: string | null;
}

/** The one way a run ends: frees its key unless it succeeded, tells whoever waits for it and the outside. */
export function endRun(commit: MemoryCommit, run: MemoryRun, { how, output, error }: Ending): void {
  transition(commit, run, how);
  run.completedAt = commit.now;
  run.output = output;
  run.error = error;
  run.crashCount = 0;
  run.workerId = null;
  run.wakeAt = null;
  if (run.status !== "SUCCESS") freeKey(commit.state, run);
  if (run.callbackUrl !== null) addDelivery(commit, run, "callback");
  if (run.hasHooks) addDelivery(commit, run, "hook");
  tellOfEnd(commit, run);
}

function freeKey(state: MemoryState, run: MemoryRun): void {
  if (run.idempotencyKey === null) return;
  const keyId = toKeyId(run.jobId, run.idempotencyKey);
  if (state.keys.get(keyId)?.runId === run.id) state.keys.delete(keyId);
}

/** What a new attempt does not answer from: failed steps, children that ended not ok, and what came of such steps inside. */
export function forgetFailures(state: MemoryState, run: MemoryRun): void {
  const forgotten: string[] = [];
  for (const task of run.tasks.values()) {
    const child = task.childRunId === null ? undefined : state.runs.get(task.childRunId);
    const hasFailedChild = child !== undefined && isTerminal(child.status) && child.status !== "SUCCESS";
    if (task.status === "FAILURE" || hasFailedChild) forgotten.push(task.id);
  }
  for (const id of [...findAround(forgotten, (outerId) => run.tasks.get(outerId)), ...forgotten]) run.tasks.delete(id);
}
