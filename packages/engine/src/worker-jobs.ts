import type { AnyJob } from "@beckon/core";
import type { WorkerJob } from "./store/store.ts";

/** What a store has to know of the jobs that a worker defines. */
export function toWorkerJobs(jobs: Iterable<AnyJob>): readonly WorkerJob[] {
  return [...jobs].map(({ definition }) => ({
    id: definition.id,
    name: definition.name,
    version: definition.version,
    isEnabled: definition.enabled,
    limit:
      definition.concurrencyLimit === null
        ? null
        : { id: definition.concurrencyLimit.id, max: definition.concurrencyLimit.limit },
  }));
}
