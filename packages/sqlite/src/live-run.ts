import type { Hold, RunStatus } from "@beckon/core/runtime";
import type { Claim } from "@beckon/engine";
import type { Session } from "./session.ts";
import { EVENT_COUNT } from "./told-events.ts";

/** What moving a run from one status to another needs to know of it. */
export interface LiveRun {
  readonly number: number;
  readonly id: string;
  readonly job_id: string;
  readonly status: RunStatus;
  readonly hold: Hold | null;
  readonly priority: number;
  readonly queued_at: number | null;
  readonly limit_id: string | null;
  readonly holds_place: number;
  readonly created_at: number;
  readonly wake_at: number | null;
  readonly expires_at: number | null;
  readonly ttl_ms: number | null;
  readonly started_at: number | null;
  readonly completed_at: number | null;
  readonly attempt: number;
  readonly crash_count: number;
  readonly event_count: number;
  readonly worker_id: string | null;
  readonly lease: number;
  readonly beside: number;
  readonly callback_url: string | null;
  readonly has_hooks: number;
  readonly idempotency_key: string | null;
  readonly idempotency_digest: string | null;
  readonly idempotency_expires_at: number | null;
  readonly concurrency_key: string | null;
  /** 1: it waits for something, or did a moment ago. */
  readonly has_waits: number;
  /** 1: another run waits for its end, or did a moment ago. */
  readonly is_awaited: number;
}

export const LIVE_COLUMNS = `number, id, job_id, status, hold, priority, queued_at, limit_id, holds_place, created_at,
  wake_at, expires_at, ttl_ms, started_at, completed_at, attempt, crash_count, ${EVENT_COUNT}, worker_id, lease, beside,
  callback_url, has_hooks, idempotency_key, idempotency_digest, idempotency_expires_at, concurrency_key,
  EXISTS (SELECT 1 FROM waits WHERE waits.run_id = runs.id) AS has_waits,
  EXISTS (SELECT 1 FROM waits WHERE waits.awaited_run_id = runs.id) AS is_awaited`;

/** What writing the steps of a run needs to know of it. `event_count` is as the row has it: its steps may tell of more. */
export type RecordingRun = Pick<
  LiveRun,
  "number" | "id" | "status" | "lease" | "crash_count" | "event_count" | "beside" | "has_waits"
>;

function prepare(session: Session) {
  return {
    // A run is about to be moved; its id.
    find: session.hot<LiveRun>(`SELECT ${LIVE_COLUMNS} FROM runs WHERE id = ?`),
    // Steps of a run are about to be written: fewer columns, since nothing else is done so often; its id.
    findRecording: session.hot<RecordingRun>(`SELECT number, id, status, lease, crash_count, event_count, beside,
      EXISTS (SELECT 1 FROM waits WHERE waits.run_id = runs.id) AS has_waits FROM runs WHERE id = ?`),
    // Whether a run can be waited for; its id.
    isUnfinished: session.hot("SELECT 1 FROM runs WHERE id = ? AND completed_at IS NULL"),
  };
}

export class LiveRuns {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  find(runId: string): LiveRun | undefined {
    return this.#sql.find.get(runId);
  }

  isUnfinished(runId: string): boolean {
    return this.#sql.isUnfinished.get(runId) !== undefined;
  }

  /** The run, if the claim still gives the right to write to it. */
  findClaimed(claim: Claim): LiveRun | undefined {
    return ifClaimed(this.#sql.find.get(claim.runId), claim);
  }

  /** The same, with what writing its steps needs. */
  findRecording(claim: Claim): RecordingRun | undefined {
    return ifClaimed(this.#sql.findRecording.get(claim.runId), claim);
  }
}

function ifClaimed<Found extends RecordingRun>(run: Found | undefined, claim: Claim): Found | undefined {
  return run?.status === "EXECUTING" && run.lease === claim.lease ? run : undefined;
}
