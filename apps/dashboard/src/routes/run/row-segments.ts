import { isTerminal, type RunSummary, type StepOutline } from "@beckon/core/runtime";
import { hasMadeRun } from "./has-made-run.ts";
import type { Segment } from "./run-segments.ts";

interface KnownOfStep {
  /** null: the run goes on. */
  readonly runEndedAt: number | null;
  /** What events tell of the step, as far as they were read. */
  readonly told?: readonly Segment[] | undefined;
  /** The run that the step made, where it is known. */
  readonly child?: RunSummary | undefined;
}

/**
 * The stretches that a step's row shows. A step that made a run shows that run's time, and none while the run is not
 * known: the instant in which it was made would be taken for all it took. Another shows what its events tell, and
 * otherwise from its start to its end. What went on when the run ended has ended with it.
 */
export function segmentsOf(step: StepOutline, { runEndedAt, told, child }: KnownOfStep): readonly Segment[] {
  if (child !== undefined) return segmentsOfRun(child);
  if (hasMadeRun(step)) return [];
  const end = step.completedAt ?? runEndedAt;
  if (told === undefined || told.length === 0) {
    return [{ from: step.startedAt, to: end, status: step.status, attempt: step.attempt }];
  }
  const last = told.at(-1);
  // A wait that the store resolved tells no event of its own, and a step that was left tells none at all.
  return last !== undefined && last.to === null && end !== null ? [...told.slice(0, -1), { ...last, to: end }] : told;
}

function segmentsOfRun(run: RunSummary): readonly Segment[] {
  const born = run.createdAt.getTime();
  const started = run.startedAt?.getTime() ?? null;
  const ended = isTerminal(run.status) ? (run.completedAt?.getTime() ?? null) : null;
  const whole: Segment = { from: started ?? born, to: ended, status: run.status, attempt: run.attempt };
  return started === null ? [whole] : [{ from: born, to: started, status: "QUEUED", attempt: 1 }, whole];
}
