import type { ActivitySpan, ActivityView, FailuresView, QueuesView } from "@beckon/core/runtime";

/** Jobs that a reader keeps to. */
export type JobIds = ReadonlySet<string>;

/** What overviews show: what ended, what failed and why, and how full the queues are; of all jobs, or of those that are named alone. */
export interface Activity {
  /** What ended within the last hour, or the last day. A run is counted when it ends; Retry does not take it back. */
  readActivity(span: ActivitySpan, of?: JobIds): Promise<ActivityView>;
  /** The newest failures of the span, grouped by what their errors say. */
  readFailures(span: ActivitySpan, of?: JobIds): Promise<FailuresView>;
  /** The queues now; each call also remembers it for those that follow with the same set of jobs. */
  readQueues(of?: JobIds): Promise<QueuesView>;
}
