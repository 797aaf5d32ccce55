import { decode, isTerminal } from "@beckon/core/runtime";
import { findAround } from "../store/around-steps.ts";
import type { RunDetail, TaskRecord } from "../store/records.ts";
import { untilStored } from "../until-stored.ts";
import type { Frame } from "./frame.ts";

/**
 * A new attempt of a task forgets what failed inside the attempt before it, and keeps what went well, as a new
 * attempt of the run does: a step that answers with its recorded failure would fail every attempt.
 */
export async function forgetFailures(frame: Frame, taskId: string): Promise<void> {
  const inside = frame.memo.inside(taskId);
  if (inside.length === 0) return;
  const childIds = inside.flatMap(({ childRunId }) => childRunId ?? []);
  const { store, clock } = frame.parts;
  const read = () => store.readRuns(childIds);
  const children = childIds.length === 0 ? [] : await untilStored(read, clock, frame.writer);
  const failed = new Set(children.filter(hasFailed).map((child) => child?.id));
  const isForgotten = (task: TaskRecord): boolean =>
    task.status === "FAILURE" || isOf(failed, task) || tellsOfFailure(task);
  const failedIds = inside.filter(isForgotten).map(({ id }) => id);
  if (failedIds.length === 0) return;
  const forgotten = [...findAround(failedIds, (id) => frame.memo.get(id)), ...failedIds];
  for (const id of forgotten) frame.memo.drop(id);
  frame.writer.noteForgotten(forgotten);
  // On disk before a step of the new attempt is recorded under one of their ids.
  await frame.writer.save();
}

/**
 * Waits for signals that a task's function left behind are forgotten with the task's end: nobody may ever ask for them, and they
 * would take what comes for somebody who waits later. Where a new attempt of the run asks anew, a signal that came meanwhile was
 * kept for it. Other waits take nothing from others, and such an attempt goes on with them.
 */
export function forgetLeftSignals({ memo, writer }: Frame, taskId: string): void {
  const left = memo.signalWaitsInside(taskId);
  if (left.length === 0) return;
  for (const id of left) memo.drop(id);
  writer.noteForgotten(left);
}

function hasFailed(run: RunDetail | null): boolean {
  return run !== null && isTerminal(run.status) && run.status !== "SUCCESS";
}

/** The result of a child that failed, which may have been retried by hand since: asking again costs nothing. */
function tellsOfFailure({ kind, output }: TaskRecord): boolean {
  if (kind !== "result" || output === null) return false;
  return (decode(output) as readonly { readonly ok: boolean }[]).some(({ ok }) => !ok);
}

function isOf(failed: ReadonlySet<string | undefined>, { childRunId }: TaskRecord): boolean {
  return childRunId !== null && failed.has(childRunId);
}
