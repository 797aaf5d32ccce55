import type { TaskRecord } from "./records.ts";

/** The `data` of a `task` event: what readers are told of a step. As `encode` writes it, of which it needs no walk. */
export function encodeTaskEvent(task: Pick<TaskRecord, "id" | "kind" | "name" | "status" | "attempt">): string {
  const { id, kind, name, status, attempt } = task;
  return JSON.stringify({ json: { id, kind, name, status, attempt } });
}
