import type { NewRun, WorkerJob } from "@beckon/engine";

export const MAIL: WorkerJob = { id: "mail", name: "Mail", version: "1.0.0", isEnabled: true, limit: null };

let born = 0;

/** A run of `mail` to be made, later than those before it. */
export function newRun(fields: Partial<NewRun> = {}): NewRun {
  born += 1;
  return {
    id: `run_${String(born).padStart(8, "0")}`,
    jobId: "mail",
    jobVersion: "1.0.0",
    input: '{"json":{"to":"you"}}',
    context: null,
    accountId: null,
    callbackUrl: null,
    hasHooks: false,
    tags: [],
    priority: 0,
    isTest: false,
    replayOf: null,
    isDetached: false,
    parentJobId: null,
    concurrencyKey: null,
    limit: null,
    idempotency: null,
    createdAt: 0,
    startAt: null,
    ttlMs: null,
    maxDurationMs: null,
    ...fields,
  };
}

/** A request that makes these runs at the instant 0. */
export function toRequest(...runs: readonly NewRun[]) {
  return { runs, requestId: null, parent: null, now: 0 } as const;
}
