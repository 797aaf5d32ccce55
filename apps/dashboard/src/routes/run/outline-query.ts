import { api } from "../../api/trpc.ts";

/** The steps of a run for its timeline. Thousands of them are not compared with what was there before. */
export function outlineOf(runId: string) {
  return { ...api.runs.outline.queryOptions({ id: runId }), structuralSharing: false } as const;
}
