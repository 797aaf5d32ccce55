import type { RunRecord, TaskRecord } from "./records.ts";

/*
 * One run that kills its process (a native crash, no memory left) takes down all that are executed beside it. So that they do
 * not die with it until all of them are poisoned, each worker executes suspects one at a time, beside runs that are none: what
 * was in bad company ends well or makes progress then, and only what kills by itself goes on counting. Those with the fewest
 * crashes go first, so that a run which kills each time waits behind all that it drew in. Among them the newest does: what a
 * run has made, and may wait for inside a task, dies once without it, and so is poisoned before it.
 *
 * A suspect that makes progress lets the next begin, since long runs would else go on one after the other. It may kill its process
 * yet, and again in its next life, with progress in each, so that it is never poisoned itself. So the last death is not forgotten for
 * progress: such a run is a suspect again after the next. Beside it only those begin that can bear one more death.
 */

/** One death may have any reason, and all runs go on at once. */
const SUSPECT_AFTER = 2;

export function isSuspect({ crashCount }: Pick<RunRecord, "crashCount">): boolean {
  return crashCount >= SUSPECT_AFTER;
}

/** What progress leaves of a run's crashes, where there are more. */
export const CRASHES_AFTER_PROGRESS = 1;

/** The most crashes of a suspect that begins beside one which has made progress. */
export const MOST_CRASHES_BESIDE = SUSPECT_AFTER;

/** Whether the record of this step brings its run further, whatever becomes of its process: a replay finds it. */
export function isProgress({ status }: Pick<TaskRecord, "status">): boolean {
  return status === "SUCCESS" || status === "FAILURE";
}
