import { isTerminal, type RunSummary, type StepOutline } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/trpc.ts";
import type { Children } from "./use-children.ts";

const REFRESH_MS = 5_000;

/**
 * The run that a step made. One that is not among the newest is read by itself, while the step's row is on the screen;
 * undefined: not known, or removed after its retention time.
 */
export function useChild({ kind, childRunId }: StepOutline, { page, byId }: Children): RunSummary | undefined {
  const id = kind === "child" ? childRunId : null;
  const listed = id === null ? undefined : byId.get(id);
  const { data } = useQuery({
    ...api.runs.get.queryOptions({ id: id ?? "" }),
    enabled: id !== null && page !== undefined && listed === undefined,
    refetchInterval: ({ state: { data: run } }) => (run !== undefined && !isTerminal(run.status) ? REFRESH_MS : false),
  });
  return listed ?? (id === null ? undefined : data);
}
