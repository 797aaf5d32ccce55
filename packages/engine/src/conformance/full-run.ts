import type { NewRun } from "../store/records.ts";

/** A run of which everything is said that can be, but for its input and what is its alone. */
export const FULL_RUN = {
  jobVersion: "1.10.0",
  context: '{"json":{"from":"shop"}}',
  accountId: "acme",
  callbackUrl: "https://example.com/done",
  hasHooks: true,
  tags: ["b", "a"],
  priority: 7,
  isTest: true,
  replayOf: "run_0",
  isDetached: true,
  concurrencyKey: "acme",
  limit: { id: "job:mail:acme", max: 2 },
  ttlMs: 60_000,
  maxDurationMs: 5_000,
} as const satisfies Partial<NewRun>;
