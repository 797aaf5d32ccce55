import type { RunEvent, RunResult } from "@beckon/core";
import type { RunStatus, StatusRecord, TaskEvent } from "@beckon/core/runtime";

/** What a run shows of itself while it works, and what came of it. */
export interface RunProgress<Output, Err> {
  /** null: nothing is known yet. */
  readonly status: RunStatus | null;
  /** The progress that the job reports by `io.createStatus`, in the order in which it first did. */
  readonly statuses: readonly StatusRecord[];
  /** The steps, in the order in which they began. */
  readonly tasks: readonly TaskEvent[];
  /** The newest messages, oldest first. */
  readonly logs: readonly LogEvent[];
  /** null: the run has not ended. */
  readonly result: RunResult<Output, Err> | null;
}

export type LogEvent = Extract<RunEvent, { readonly type: "log" }>;

/** More than these nobody reads live; the run keeps them all. */
const MAX_LOGS = 1_000;

export const NO_PROGRESS: RunProgress<never, never> = { status: null, statuses: [], tasks: [], logs: [], result: null };

/** What is known after one more event. */
export function applyEvent<Output, Err>(progress: RunProgress<Output, Err>, event: RunEvent): RunProgress<Output, Err> {
  switch (event.type) {
    case "status":
      return { ...progress, status: event.status };
    case "task":
      return { ...progress, tasks: withOne(progress.tasks, event.task, ({ id }) => id) };
    case "status-record":
      return { ...progress, statuses: withOne(progress.statuses, event.record, ({ key }) => key) };
    case "log":
      return { ...progress, logs: [...progress.logs, event].slice(-MAX_LOGS) };
  }
}

/** Replaces the member with the same name, or adds it. */
function withOne<Member>(
  members: readonly Member[],
  one: Member,
  nameOf: (member: Member) => string,
): readonly Member[] {
  const index = members.findIndex((member) => nameOf(member) === nameOf(one));
  return index === -1 ? [...members, one] : members.with(index, one);
}
