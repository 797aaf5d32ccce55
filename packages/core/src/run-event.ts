import type { StatusRecord } from "./run-result.ts";
import type { RunStatus } from "./run.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * Something that happened to a run. `seq` counts from 1 within the run without gaps, so that a reader who
 * says which one it saw last is told every later one, once and in order.
 */
export type RunEvent = { readonly seq: number; readonly at: Date } & (
  | { readonly type: "status"; readonly status: RunStatus }
  | { readonly type: "task"; readonly task: TaskEvent }
  | {
      readonly type: "log";
      readonly level: LogLevel;
      readonly message: string;
      readonly data: unknown;
      readonly taskId: string | null;
    }
  | { readonly type: "status-record"; readonly record: StatusRecord }
);

export type TaskStatus = "RUNNING" | "WAITING" | "SUCCESS" | "FAILURE";

/** What kind of step a task row records. */
export type TaskKind = "task" | "branch" | "wait" | "request" | "signal" | "child" | "result" | "value";

export interface TaskEvent {
  readonly id: string;
  readonly kind: TaskKind;
  readonly name: string;
  readonly status: TaskStatus;
  readonly attempt: number;
}
