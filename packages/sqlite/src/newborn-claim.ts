import type { ClaimedRun, NewRun, RunRecord } from "@beckon/engine";
import { isShort } from "./bodies.ts";
import { NO_LOGS } from "./claim-runs.ts";
import type { Maker, Start } from "./insert-run.ts";
import { type KnownRun, toClaim } from "./sqlite-claim.ts";

/** Its birth, and that it executes. */
export const NEWBORN_EVENTS = 2;

/** The claim of a run that was born EXECUTING, as claiming its row would have given it: nothing is read again. */
export function toNewbornClaim(
  item: NewRun,
  { maker, start, known }: { readonly maker: Maker; readonly start: Start; readonly known: KnownRun },
): ClaimedRun {
  const run = toRecord(item, maker, start);
  return {
    claim: toClaim(run, { lease: 1, known, hasBeside: !isShort(item.input) || !isShort(item.context) }),
    run,
    input: item.input,
    limitedMs: 0,
    payload: null,
    context: item.context,
    tasks: [],
    logCounts: NO_LOGS,
    statuses: [],
  };
}

function toRecord(item: NewRun, maker: Maker, start: Start): RunRecord {
  return {
    id: item.id,
    jobId: item.jobId,
    jobVersion: item.jobVersion,
    status: "EXECUTING",
    hold: null,
    priority: item.priority,
    tags: item.tags,
    isTest: item.isTest,
    replayOf: item.replayOf,
    parentRunId: maker.run?.id ?? null,
    parentTaskId: maker.taskId,
    parentJobId: maker.run?.job_id ?? null,
    isDetached: item.isDetached,
    accountId: item.accountId,
    callbackUrl: item.callbackUrl,
    hasHooks: item.hasHooks,
    idempotencyKey: item.idempotency?.key ?? null,
    concurrencyKey: item.concurrencyKey,
    limitId: item.limit?.id ?? null,
    createdAt: item.createdAt,
    queuedAt: start.queuedAt,
    wakeAt: null,
    expiresAt: start.expiresAt,
    startedAt: start.queuedAt,
    completedAt: null,
    ttlMs: item.ttlMs,
    maxDurationMs: item.maxDurationMs,
    attempt: 1,
    executionCount: 1,
    executionMs: 0,
    crashCount: 0,
    eventCount: NEWBORN_EVENTS,
  };
}
