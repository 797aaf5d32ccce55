import type { AnyJob } from "@beckon/core";
import { DefinitionError } from "@beckon/core/runtime";

/** A shared limit has one size: with two, each birth would give it the size that its own job knows. @throws DefinitionError */
export function checkLimits(jobs: Iterable<AnyJob>): void {
  const firsts = new Map<string, AnyJob>();
  for (const job of jobs) {
    const limit = job.definition.concurrencyLimit;
    if (limit === null) continue;
    const first = firsts.get(limit.id) ?? job;
    const size = first.definition.concurrencyLimit?.limit;
    if (size !== limit.limit)
      throw new DefinitionError(
        `Jobs "${first.id}" and "${job.id}" share the concurrency limit "${limit.id.replace("shared:", "")}", which is ${size} ` +
          `in "${first.id}" and ${limit.limit} in "${job.id}": define it once with defineConcurrencyLimit, and give it to both.`,
      );
    firsts.set(limit.id, first);
  }
}
