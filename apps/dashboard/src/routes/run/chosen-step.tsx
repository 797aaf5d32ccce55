import type { StepOutline } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/trpc.ts";
import { Problem } from "../../ui/problem.tsx";
import { StepDetails } from "./step-details.tsx";

interface ChosenStepProps {
  readonly runId: string;
  readonly step: StepOutline;
  readonly isRunOver: boolean;
}

/** Reads what the chosen step holds. */
export function ChosenStep({ runId, step, isRunOver }: ChosenStepProps) {
  const { data, error, refetch } = useQuery(api.runs.tasks.queryOptions({ id: runId, taskIds: [step.id] }));
  const found = data?.find(({ id }) => id === step.id);
  if (found !== undefined) return <StepDetails step={found} isRunOver={isRunOver} />;
  if (error !== null) return <Problem error={error} onRetry={() => void refetch()} />;
  const reason = data === undefined ? "Loading the step…" : "The run has no such step any longer.";
  return <p className="p-4 text-ink-faint">{reason}</p>;
}
