import type { ActivityStretch, DurationView, JobActivity } from "@beckon/core/runtime";
import type { EndedCount } from "../store/activity.ts";
import { percentileOf } from "./duration-class.ts";

/** What counts add up to. */
export function summarize(counts: readonly EndedCount[]): Omit<ActivityStretch, "from"> {
  const sum = (statuses: readonly EndedCount["status"][]): number =>
    counts.reduce((total, { status, count }) => (statuses.includes(status) ? total + count : total), 0);
  const started = counts.filter(({ status }) => status === "SUCCESS" || status === "FAILURE" || status === "TIMED_OUT");
  const startedCount = started.reduce((total, { count }) => total + count, 0);
  const queuedMs = started.reduce((total, one) => total + one.queuedMs, 0);
  return {
    succeeded: sum(["SUCCESS"]),
    failed: sum(["FAILURE", "TIMED_OUT", "EXPIRED"]),
    canceled: sum(["CANCELED"]),
    queuedMs: startedCount === 0 ? null : queuedMs / startedCount,
    ...durationsOf(started),
  };
}

/** The same for one job, with its median over time. */
export function summarizeJob(
  jobId: string,
  stretches: readonly (readonly EndedCount[])[],
): Omit<JobActivity, "lastRun"> {
  const own = stretches.map((counts) => counts.filter((count) => count.jobId === jobId));
  const { queuedMs: _queuedMs, ...total } = summarize(own.flat());
  return { jobId, ...total, medians: own.map((counts) => durationsOf(counts).p50) };
}

function durationsOf(counts: readonly EndedCount[]): DurationView {
  const classes = new Map<number, number>();
  for (const { durationClass, count } of counts) {
    classes.set(durationClass, (classes.get(durationClass) ?? 0) + count);
  }
  return { p50: percentileOf(classes, 0.5), p95: percentileOf(classes, 0.95), p99: percentileOf(classes, 0.99) };
}
