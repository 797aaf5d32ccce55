import { isTerminal } from "@beckon/core/runtime";
import type { RunSummary, StepOutline } from "@beckon/engine";
import type { Segment } from "./run-segments.ts";

/**
 * The stretches that a step's row shows. A step that made a run shows that run's time; another shows what its
 * events tell, as far as they were read, and otherwise from its start to its end.
 */
export function segmentsOf(
  step: StepOutline,
  told: readonly Segment[] | undefined,
  child: RunSummary | undefined,
): readonly Segment[] {
  if (child !== undefined) return segmentsOfRun(child);
  const end = step.completedAt;
  if (told === undefined || told.length === 0) {
    return [{ from: step.startedAt, to: end, status: step.status, attempt: step.attempt }];
  }
  const last = told.at(-1);
  // A wait that the store resolved tells no event of its own.
  return last !== undefined && last.to === null && end !== null ? [...told.slice(0, -1), { ...last, to: end }] : told;
}

function segmentsOfRun(run: RunSummary): readonly Segment[] {
  const born = run.createdAt.getTime();
  const started = run.startedAt?.getTime() ?? null;
  const ended = isTerminal(run.status) ? (run.completedAt?.getTime() ?? null) : null;
  const whole: Segment = { from: started ?? born, to: ended, status: run.status, attempt: run.attempt };
  return started === null ? [whole] : [{ from: born, to: started, status: "QUEUED", attempt: 1 }, whole];
}
