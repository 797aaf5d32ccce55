import type { NewRun } from "./records.ts";

/** What a run counts against: its job's limit, and with a concurrency key that key's own share of it. */
export function toShare(limit: NewRun["limit"], concurrencyKey: string | null): NewRun["limit"] {
  return limit === null || concurrencyKey === null ? limit : { ...limit, id: `${limit.id}:${concurrencyKey}` };
}
