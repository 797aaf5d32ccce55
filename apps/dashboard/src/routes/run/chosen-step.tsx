import type { StepOutline } from "@beckon/engine";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../../api/trpc.ts";
import { StepDetails } from "./step-details.tsx";

interface ChosenStepProps {
  readonly runId: string;
  readonly step: StepOutline;
  readonly isRunOver: boolean;
}

/** Reads what the chosen step holds. */
export function ChosenStep({ runId, step, isRunOver }: ChosenStepProps) {
  const { data: [found] = [] } = useQuery({
    ...api.runs.tasks.queryOptions({ id: runId, taskIds: [step.id] }),
    placeholderData: keepPreviousData,
  });
  if (found === undefined) return <p className="p-4 text-ink-faint">Loading the step…</p>;
  return <StepDetails step={found} isRunOver={isRunOver} />;
}
