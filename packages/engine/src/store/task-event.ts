import { encode } from "@beckon/core/runtime";
import type { TaskRecord } from "./records.ts";

/** The `data` of a `task` event: what readers are told of a step. */
export function encodeTaskEvent(task: Pick<TaskRecord, "id" | "kind" | "name" | "status" | "attempt">): string {
  const { id, kind, name, status, attempt } = task;
  return encode({ id, kind, name, status, attempt }, "task");
}
