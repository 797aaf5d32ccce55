import type { FailureGroup } from "@beckon/core/runtime";
import { errorOf } from "../read-result.ts";
import type { RunDetail } from "../store/records.ts";

/** Groups failed runs, newest first, by job, code and what their message says; the commonest group first. */
export function groupFailures(runs: readonly RunDetail[]): readonly FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const run of runs) {
    const { code, message } = errorOf(run);
    const name = JSON.stringify([run.jobId, code, withoutDetails(message)]);
    const group = groups.get(name);
    const lastAt = new Date(run.completedAt ?? run.createdAt);
    const first = { jobId: run.jobId, code, message, lastAt, lastRunId: run.id };
    groups.set(name, group === undefined ? { ...first, count: 1 } : { ...group, count: group.count + 1 });
  }
  return [...groups.values()].toSorted((one, other) => other.count - one.count);
}

const LONGEST = 200;

/** Numbers and ids tell runs apart, not errors. */
function withoutDetails(message: string): string {
  return message
    .slice(0, LONGEST)
    .replaceAll(/\b(?:[a-z]+_)?[0-9a-f-]{8,}\b|\brun_\w+/gi, "…")
    .replaceAll(/\d+/g, "#");
}
