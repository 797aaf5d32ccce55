import type { Settlement } from "../../store/records.ts";
import { endRun, type Ending, forgetFailures } from "./endings.ts";
import { writeProgress } from "./executions.ts";
import { findClaimed, type MemoryCommit, type MemoryRun } from "./memory-state.ts";
import { freePlace, keepPlace } from "./places.ts";
import { transition } from "./status.ts";
import { recordTask } from "./waits.ts";

export function settleRun(commit: MemoryCommit, settlement: Settlement): "settled" | "lost" {
  const run = findClaimed(commit.state, settlement.claim);
  if (run === undefined) {
    // The run ended under its function; this is how we learn that the function has settled, too, unless it goes on.
    if (!(settlement.kind === "end" && settlement.isStillRunning)) freePlace(commit.state, settlement.claim);
    return "lost";
  }
  writeProgress(commit, run, settlement);
  for (const task of settlement.tasks ?? []) recordTask(commit, run, task);
  run.executionMs += settlement.executedMs;
  applySettlement(commit, run, settlement);
  return "settled";
}

function applySettlement(commit: MemoryCommit, run: MemoryRun, settlement: Settlement): void {
  switch (settlement.kind) {
    case "end":
      if (settlement.isStillRunning) keepPlace(commit.state, run);
      endRun(commit, run, { how: ENDINGS[settlement.status], output: settlement.output, error: settlement.error });
      return;
    case "park":
      leaveWorker(run);
      parkRun(commit, run, settlement.taskIds);
      return;
    case "back-off":
      leaveWorker(run);
      transition(commit, run, "back off");
      forgetFailures(commit.state, run);
      run.attempt += 1;
      run.wakeAt = settlement.wakeAt;
      run.error = settlement.error;
      return;
    case "give-back":
      leaveWorker(run);
      transition(commit, run, "give back");
  }
}

const ENDINGS = { SUCCESS: "succeed", FAILURE: "fail", TIMED_OUT: "time out" } as const satisfies Record<
  string,
  Ending["how"]
>;

/** Its process is in good health: crashes are counted anew. */
function leaveWorker(run: MemoryRun): void {
  run.workerId = null;
  run.crashCount = 0;
}

function parkRun(commit: MemoryCommit, run: MemoryRun, taskIds: readonly string[]): void {
  const isStillWaiting = taskIds.every((id) => run.tasks.get(id)?.status === "WAITING");
  transition(commit, run, isStillWaiting ? "park" : "give back");
  if (isStillWaiting) run.parkedOn = new Set(taskIds);
}
