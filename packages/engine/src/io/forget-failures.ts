import { isTerminal } from "@beckon/core/runtime";
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
  const forgotten = inside.filter((task) => task.status === "FAILURE" || isOf(failed, task)).map(({ id }) => id);
  if (forgotten.length === 0) return;
  for (const id of forgotten) frame.memo.drop(id);
  frame.writer.noteForgotten(forgotten);
  // On disk before a step of the new attempt is recorded under one of their ids.
  await frame.writer.save();
}

function hasFailed(run: RunDetail | null): boolean {
  return run !== null && isTerminal(run.status) && run.status !== "SUCCESS";
}

function isOf(failed: ReadonlySet<string | undefined>, { childRunId }: TaskRecord): boolean {
  return childRunId !== null && failed.has(childRunId);
}
