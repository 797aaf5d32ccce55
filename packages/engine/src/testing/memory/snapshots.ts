import type { ClaimedRun, Delivery, RunDetail, RunRecord, TaskRecord } from "../../store/records.ts";
import type { MemoryDelivery, MemoryRun } from "./memory-state.ts";

/*
 * Copies for callers: what they hold does not change when the store goes on.
 */

export function toRunRecord(run: MemoryRun): RunRecord {
  return without(toRunDetail(run), ["input", "context", "output", "error"]);
}

export function toRunDetail(run: MemoryRun): RunDetail {
  return without(run, [
    "payload",
    "idempotency",
    "lease",
    "executionMsAtRetry",
    "workerId",
    "parkedOn",
    "tasks",
    "events",
    "logCounts",
    "statuses",
  ]);
}

export function toDelivery(delivery: MemoryDelivery): Delivery {
  return without(delivery, ["dueAt", "receiver", "workerId"]);
}

export function toTaskRecords(run: MemoryRun | undefined): TaskRecord[] {
  const tasks = [...(run?.tasks.values() ?? [])];
  return tasks.toSorted((left, right) => left.ordinal - right.ordinal).map((task) => ({ ...task }));
}

export function toClaimedRun(run: MemoryRun): ClaimedRun {
  return {
    claim: { runId: run.id, lease: run.lease },
    run: toRunRecord(run),
    input: run.input,
    limitedMs: run.executionMs - run.executionMsAtRetry,
    payload: run.payload,
    context: run.context,
    tasks: toTaskRecords(run),
    logCounts: new Map(run.logCounts),
    statuses: [...run.statuses.values()],
  };
}

function without<Whole extends object, Key extends keyof Whole>(whole: Whole, keys: readonly Key[]): Omit<Whole, Key> {
  const copy = { ...whole };
  for (const key of keys) delete copy[key];
  return copy;
}
