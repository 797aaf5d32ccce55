import type { Claim, StepWrites, TaskRecord } from "@beckon/engine";

/** A task that has begun. */
export function taskRecord(id: string, fields: Partial<TaskRecord> = {}): TaskRecord {
  const nothing = { parentId: null, output: null, error: null, childRunId: null, childJobId: null, childDigest: null };
  const time = { startedAt: 1, completedAt: null, wakeAt: null, wait: null, resolution: null, display: null };
  const facts = { kind: "task", name: id, ordinal: 1, endOrdinal: null, status: "RUNNING", attempt: 1 } as const;
  return { id, ...nothing, ...time, ...facts, ...fields };
}

/** One that has succeeded. */
export function endedTask(id: string, output = "1"): TaskRecord {
  return taskRecord(id, { status: "SUCCESS", output, completedAt: 2, endOrdinal: 1 });
}

/** What is written of it, and nothing else. */
export function toWrites(claim: Claim, task: TaskRecord): StepWrites {
  const events = [{ type: "task", at: task.completedAt ?? 1, task }] as const;
  return { claim, payload: null, tasks: [task], events, statuses: [], signals: [] };
}
