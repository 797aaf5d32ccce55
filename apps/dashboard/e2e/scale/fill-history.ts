import { encode } from "@beckon/core/runtime";
import type { ClaimedRun, NewRun, Settlement, Store } from "@beckon/engine";

const LARGEST_BATCH = 1_000;
const WORKER = "worker_of_the_past";

interface History {
  readonly jobIds: readonly string[];
  readonly count: number;
  readonly now: number;
}

/** Fills a store with finished runs of the last day, one in fifty of them failed, through the port's own verbs. */
export async function fillHistory(store: Store, { jobIds, count, now }: History): Promise<void> {
  const jobs = jobIds.map((id) => ({ id, name: id, version: "1.0.0", isEnabled: true, limit: null }));
  await store.openWorker({ workerId: WORKER, jobs, now: now - DAY_MS });
  const batch = Math.min(LARGEST_BATCH, Math.ceil(count / 400));
  for (let from = 0; from < count; from += batch) {
    const at = Math.round(now - DAY_MS + (from / count) * (DAY_MS - 60_000));
    const runs = Array.from({ length: Math.min(batch, count - from) }, (_unused, index) =>
      toRun(from + index, at, jobIds),
    );
    await store.createRuns({ runs, requestId: null, parent: null, now: at });
    const claimed = await store.claimRuns({ workerId: WORKER, limit: batch, now: at + 3 });
    await store.settleRuns({ settlements: claimed.map(toEnd), now: at + 3 + (((from / batch) * 37) % 90) });
  }
  await store.closeWorker({ workerId: WORKER, now });
}

const DAY_MS = 86_400_000;
const INPUT = encode({ name: "Grace", tier: "pro" }, "payload");
const ERROR = encode({ code: "UNCAUGHT", name: "Error", message: "The post office is closed." }, "error");
const OUTPUT = encode("done", "output");

function toRun(number: number, createdAt: number, jobIds: readonly string[]): NewRun {
  return {
    // As the engine's ids: they sort by the time of birth.
    id: `run_${toBase32(createdAt, 10)}${toBase32(number, 14)}`,
    jobId: jobIds[number % jobIds.length] ?? "",
    jobVersion: number % 10 === 0 ? "0.9.0" : "1.0.0",
    input: INPUT,
    context: null,
    accountId: number % 100 === 0 ? `account_${number % 1_000}` : null,
    callbackUrl: null,
    hasHooks: false,
    tags: number % 7 === 0 ? [`user:${number % 5_000}`] : [],
    priority: 0,
    isTest: number % 1_000 === 0,
    replayOf: null,
    isDetached: false,
    parentJobId: null,
    concurrencyKey: null,
    limit: null,
    idempotency: number % 20 === 0 ? { key: `order-${number}`, digest: "d", expiresAt: createdAt + DAY_MS * 30 } : null,
    createdAt,
    startAt: null,
    ttlMs: null,
    maxDurationMs: null,
  };
}

function toEnd({ claim }: ClaimedRun, index: number): Settlement {
  const isFailed = index % 50 === 0;
  return {
    claim,
    executedMs: 4,
    events: [],
    statuses: [],
    kind: "end",
    status: isFailed ? "FAILURE" : "SUCCESS",
    output: isFailed ? null : OUTPUT,
    error: isFailed ? ERROR : null,
    isStillRunning: false,
  };
}

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

function toBase32(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = `${DIGITS[rest % 32]}${text}`;
  return text;
}
