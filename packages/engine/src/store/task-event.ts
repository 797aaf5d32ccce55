import type { TaskRecord } from "./records.ts";

/** What a `task` event tells of a step. */
type ToldTask = Pick<TaskRecord, "id" | "kind" | "name" | "status" | "attempt">;

/** A `task` event as readers get it, but for its `seq`. Its `data` is as `encode` writes it, of which it needs no walk. */
export function toTaskEvent({ id, kind, name, status, attempt }: ToldTask, at: number) {
  return { type: "task", at, taskId: id, data: JSON.stringify({ json: { id, kind, name, status, attempt } }) } as const;
}
