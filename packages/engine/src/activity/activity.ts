import type { ActivitySpan, ActivityView, FailuresView, QueuesView } from "@beckon/core/runtime";

/** What overviews show: what ended, what failed and why, and how full the queues are. */
export interface Activity {
  /** What ended within the last hour, or the last day. A run is counted when it ends; Retry does not take it back. */
  readActivity(span: ActivitySpan): Promise<ActivityView>;
  /** The newest failures of the span, grouped by what their errors say. */
  readFailures(span: ActivitySpan): Promise<FailuresView>;
  /** The queues now; each call also remembers it for those that follow. */
  readQueues(): Promise<QueuesView>;
}
