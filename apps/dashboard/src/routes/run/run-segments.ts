import type { RunEvent, RunStatus, TaskStatus } from "@beckon/core/runtime";

/** A stretch of time in which a run or a step had one status. `to` null: it still has. */
export interface Segment {
  readonly from: number;
  readonly to: number | null;
  readonly status: RunStatus | TaskStatus;
  readonly attempt: number;
}

export interface Segments {
  readonly run: readonly Segment[];
  readonly steps: ReadonlyMap<string, readonly Segment[]>;
}

const ENDS: ReadonlySet<string> = new Set(["SUCCESS", "FAILURE", "TIMED_OUT", "CANCELED", "EXPIRED"]);

/** Cuts the life of a run and of its steps into stretches, from the events that tell each change. */
export function toSegments(events: readonly RunEvent[]): Segments {
  const run: Segment[] = [];
  const steps = new Map<string, Segment[]>();
  for (const event of events) {
    const at = event.at.getTime();
    if (event.type === "status") add(run, { from: at, to: null, status: event.status, attempt: 1 });
    if (event.type !== "task") continue;
    const { id, status, attempt } = event.task;
    const own = steps.get(id) ?? [];
    steps.set(id, own);
    add(own, { from: at, to: null, status, attempt });
  }
  return { run, steps };
}

/** The stretch before ends where the new one begins; an end is an instant and no stretch. */
function add(segments: Segment[], next: Segment): void {
  const last = segments.at(-1);
  if (last !== undefined && last.to === null) {
    // How a task's attempt ended colors the attempt: a failed one is red, though the step may yet succeed.
    const status = last.status === "RUNNING" && next.status !== "RUNNING" ? outcomeOf(next) : last.status;
    segments[segments.length - 1] = { ...last, status, to: next.from };
  }
  if (!ENDS.has(next.status)) segments.push(next);
}

/** A task that waits after running waits for its next attempt. */
function outcomeOf(next: Segment): TaskStatus {
  return next.status === "SUCCESS" ? "SUCCESS" : "FAILURE";
}
