import type { ActivityView, CatalogEntry, JobActivity } from "@beckon/core/runtime";

/** A job in the list, with how it fared. */
export interface JobRow {
  readonly job: CatalogEntry;
  /** null while it is not known. */
  readonly activity: JobActivity | null;
}

/** The jobs whose id or name has the text in it. */
export function toJobRows(
  jobs: readonly CatalogEntry[],
  activity: ActivityView | undefined,
  search: string,
): readonly JobRow[] {
  const byId = new Map(activity?.jobs.map((one) => [one.jobId, one]));
  const wanted = search.toLowerCase();
  return jobs
    .filter(({ id, name }) => id.toLowerCase().includes(wanted) || name.toLowerCase().includes(wanted))
    .map((job) => ({ job, activity: byId.get(job.id) ?? null }));
}

/** The share of runs that succeeded, canceled ones left out; null when none ended. */
export function successRateOf({ succeeded, failed }: Pick<JobActivity, "succeeded" | "failed">): number | null {
  const ended = succeeded + failed;
  return ended === 0 ? null : succeeded / ended;
}

/** 99.95 % is not shown as all. */
export function formatRate(rate: number): string {
  if (rate === 1) return "100 %";
  const percent = rate * 100;
  return percent > 99 ? `${(Math.floor(percent * 10) / 10).toFixed(1)} %` : `${Math.round(percent)} %`;
}
