import type { StepOutline } from "@beckon/engine";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../api/trpc.ts";
import { StepDetails } from "./step-details.tsx";

interface ChosenStepProps {
  readonly runId: string;
  readonly step: StepOutline;
}

/** Reads what the chosen step holds. */
export function ChosenStep({ runId, step }: ChosenStepProps) {
  const { data: [found] = [] } = useQuery({
    ...api.runs.tasks.queryOptions({ id: runId, taskIds: [step.id] }),
    placeholderData: keepPreviousData,
  });
  return found === undefined ? <p className="p-4 text-ink-faint">Loading the step…</p> : <StepDetails step={found} />;
}
