import type { Hold, RunStatus } from "@beckon/core/runtime";
import type { RunRecord } from "@beckon/engine";
import { EVENT_COUNT } from "./told-events.ts";

const COLUMNS = `id, job_id, job_version, status, hold, priority, tags, is_test, replay_of,
  parent_run_id, parent_job_id, parent_task_id, is_detached, account_id, callback_url, has_hooks, idempotency_key,
  concurrency_key, limit_id, created_at, queued_at, wake_at, expires_at, started_at, completed_at, ttl_ms,
  max_duration_ms, attempt, execution_count, execution_ms, crash_count`;

/** The columns of a RunRecord. */
export const RECORD_COLUMNS = `${COLUMNS}, ${EVENT_COUNT}`;
/** The same of a run that begins to execute, whose row counts all its events. */
export const BEGUN_COLUMNS = `${COLUMNS}, event_count`;

export interface RecordRow {
  readonly id: string;
  readonly job_id: string;
  readonly job_version: string;
  readonly status: RunStatus;
  readonly hold: Hold | null;
  readonly priority: number;
  readonly tags: string | null;
  readonly is_test: number;
  readonly replay_of: string | null;
  readonly parent_run_id: string | null;
  readonly parent_job_id: string | null;
  readonly parent_task_id: string | null;
  readonly is_detached: number;
  readonly account_id: string | null;
  readonly callback_url: string | null;
  readonly has_hooks: number;
  readonly idempotency_key: string | null;
  readonly concurrency_key: string | null;
  readonly limit_id: string | null;
  readonly created_at: number;
  readonly queued_at: number | null;
  readonly wake_at: number | null;
  readonly expires_at: number | null;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly ttl_ms: number | null;
  readonly max_duration_ms: number | null;
  readonly attempt: number;
  readonly execution_count: number;
  readonly execution_ms: number;
  readonly crash_count: number;
  readonly event_count: number;
}

const NO_TAGS: readonly string[] = [];

export function toRunRecord(row: RecordRow): RunRecord {
  return {
    id: row.id,
    jobId: row.job_id,
    jobVersion: row.job_version,
    status: row.status,
    hold: row.hold,
    priority: row.priority,
    tags: row.tags === null ? NO_TAGS : (JSON.parse(row.tags) as readonly string[]),
    isTest: row.is_test === 1,
    replayOf: row.replay_of,
    parentRunId: row.parent_run_id,
    parentJobId: row.parent_job_id,
    parentTaskId: row.parent_task_id,
    isDetached: row.is_detached === 1,
    accountId: row.account_id,
    callbackUrl: row.callback_url,
    hasHooks: row.has_hooks === 1,
    idempotencyKey: row.idempotency_key,
    concurrencyKey: row.concurrency_key,
    limitId: row.limit_id,
    createdAt: row.created_at,
    queuedAt: row.queued_at,
    wakeAt: row.wake_at,
    expiresAt: row.expires_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    ttlMs: row.ttl_ms,
    maxDurationMs: row.max_duration_ms,
    attempt: row.attempt,
    executionCount: row.execution_count,
    executionMs: row.execution_ms,
    crashCount: row.crash_count,
    eventCount: row.event_count,
  };
}
