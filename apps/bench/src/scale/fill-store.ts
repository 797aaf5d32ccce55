import type { NewRun, Store } from "@beckon/engine";

const BATCH = 1_000;

/** The least a run can be: made, queued, of a job without limits. */
function toPlainRun(number: number, now: number): NewRun {
  return {
    id: `run_${String(now).padStart(14, "0")}${String(number).padStart(10, "0")}`,
    jobId: "noop",
    jobVersion: "1.0.0",
    input: '{"json":{"n":1}}',
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
    createdAt: now,
    startAt: null,
    ttlMs: null,
    maxDurationMs: null,
  };
}

/** Adds runs that wait in the queue. */
export async function queueRuns(store: Store, count: number, now: number): Promise<void> {
  for (let made = 0; made < count; made += BATCH) {
    const runs = Array.from({ length: Math.min(BATCH, count - made) }, (_, index) => toPlainRun(made + index, now));
    await store.createRuns({ runs, requestId: null, parent: null, now });
  }
}

/** Adds runs that were executed and succeeded, one a millisecond. A server prunes those that are older than its retention. */
export async function finishRuns(
  store: Store,
  workerId: string,
  history: { readonly count: number; readonly since: number },
): Promise<void> {
  const { count, since } = history;
  for (let finished = 0; finished < count; finished += BATCH) {
    const now = since + finished;
    await queueRuns(store, Math.min(BATCH, count - finished), now);
    const claimed = await store.claimRuns({ workerId, limit: BATCH, now });
    const settlements = claimed.map(
      ({ claim }) =>
        ({
          kind: "end",
          claim,
          status: "SUCCESS",
          output: '{"json":null}',
          error: null,
          isStillRunning: false,
          executedMs: 1,
          events: [],
          statuses: [],
        }) as const,
    );
    await store.settleRuns({ settlements, now });
  }
}

export async function openNoopWorker(store: Store): Promise<string> {
  const workerId = "bench";
  await store.openWorker({
    workerId,
    jobs: [{ id: "noop", name: "No-op", version: "1.0.0", isEnabled: true, limit: null }],
    now: 1_000_000_000_000,
  });
  return workerId;
}
