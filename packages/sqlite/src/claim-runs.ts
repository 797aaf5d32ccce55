import type { RunStatus } from "@beckon/core/runtime";
import type { Claim, ClaimedRun } from "@beckon/engine";
import type { Bodies } from "./bodies.ts";
import type { Events } from "./events.ts";
import { RECORD_COLUMNS, type RecordRow, toRunRecord } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";
import type { Statuses } from "./statuses.ts";
import type { Tasks } from "./tasks.ts";

interface ClaimedRow extends RecordRow {
  readonly lease: number;
  readonly input: string;
  readonly payload: string | null;
  readonly context: string | null;
  readonly beside: number;
}

function prepare(session: Session) {
  return {
    // Jobs whose runs are being held back, chunk by chunk; jobs_sweeping.
    pausing: session.hot<{ readonly id: string }>("SELECT id FROM jobs WHERE is_paused = 1 AND swept_to IS NOT NULL"),
    find: session.hot<{ readonly status: RunStatus; readonly lease: number }>(
      "SELECT status, lease FROM runs WHERE id = ?",
    ),
  };
}

/** QUEUED → EXECUTING for the first of the ready runs of `jobCount` jobs that meet the condition; runs_ready. */
function prepareClaim(session: Session, jobCount: number, condition = ""): Statement<ClaimedRow> {
  const jobs = Array.from({ length: jobCount }, () => "?").join(", ");
  return session.hot<ClaimedRow>(`UPDATE runs SET status = 'EXECUTING', worker_id = ?, lease = lease + 1,
      execution_count = execution_count + 1, event_count = event_count + 1,
      started_at = coalesce(started_at, ?), started_seq = coalesce(started_seq, event_count + 1)
    WHERE number IN (SELECT number FROM runs
      WHERE status = 'QUEUED' AND hold IS NULL AND job_id IN (${jobs})
        AND (expires_at IS NULL OR expires_at > ? OR started_at IS NOT NULL) ${condition}
      ORDER BY priority DESC, queued_at, id LIMIT ?)
    RETURNING ${RECORD_COLUMNS}, lease, input, payload, context, beside`);
}

interface ClaimingWorker {
  readonly jobIds: readonly string[];
  readonly claim: Statement<ClaimedRow>;
  readonly claimAhead: Statement<ClaimedRow>;
}

interface ClaimParts {
  readonly bodies: Bodies;
  readonly events: Events;
  readonly statuses: Statuses;
  readonly tasks: Tasks;
}

const NO_LOGS: ReadonlyMap<string, number> = new Map();

/** Hands ready runs to the workers of this process. */
export class Claims {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: ClaimParts;
  readonly #workers = new Map<string, ClaimingWorker>();

  constructor(session: Session, parts: ClaimParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  addWorker(workerId: string, jobIds: readonly string[]): void {
    this.#workers.set(workerId, {
      jobIds,
      claim: prepareClaim(this.#session, jobIds.length),
      claimAhead: prepareClaim(this.#session, jobIds.length, "AND limit_id IS NULL"),
    });
  }

  removeWorker(workerId: string): void {
    this.#workers.delete(workerId);
  }

  removeWorkers(): void {
    this.#workers.clear();
  }

  claimRuns(request: {
    readonly workerId: string;
    readonly limit: number;
    readonly ahead?: number | undefined;
    readonly now: number;
  }): readonly ClaimedRun[] {
    const { workerId, limit, ahead = 0, now } = request;
    const worker = this.#workers.get(workerId);
    if (worker === undefined) return [];
    const pausing = new Set(this.#sql.pausing.all().map(({ id }) => id));
    const jobIds = worker.jobIds.map((id) => (pausing.has(id) ? null : id));
    const rows = worker.claim.all(workerId, now, ...jobIds, now, limit).toSorted(byTurn);
    if (ahead > 0 && rows.length === limit) {
      rows.push(...worker.claimAhead.all(workerId, now, ...jobIds, now, ahead).toSorted(byTurn));
    }
    return rows.map((row) => this.#toClaimedRun(row, now));
  }

  findLost(claims: readonly Claim[]): readonly { readonly claim: Claim; readonly status: RunStatus | null }[] {
    return claims.flatMap((claim) => {
      const run = this.#sql.find.get(claim.runId);
      if (run?.status === "EXECUTING" && run.lease === claim.lease) return [];
      return [{ claim, status: run?.status ?? null }];
    });
  }

  #toClaimedRun(row: ClaimedRow, now: number): ClaimedRun {
    const { bodies, events, statuses, tasks } = this.#parts;
    const { id, lease, input, payload, context } = bodies.fill(row);
    const isFirst = row.execution_count === 1;
    // The first EXECUTING is read off the run's row.
    if (!isFirst) events.appendStatus(id, row.event_count, { at: now, status: "EXECUTING" });
    this.#session.changes.note(id, "EXECUTING");
    return {
      claim: { runId: id, lease },
      run: toRunRecord(row),
      input,
      payload,
      context,
      tasks: isFirst ? [] : tasks.ofRun(id),
      logCounts: isFirst ? NO_LOGS : events.countLogs(id),
      statuses: isFirst ? [] : statuses.ofRun(id),
    };
  }
}

/** The order of runs_ready, which RETURNING does not keep. */
function byTurn(one: ClaimedRow, other: ClaimedRow): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  const byArrival = (one.queued_at ?? 0) - (other.queued_at ?? 0);
  if (byArrival !== 0) return byArrival;
  return one.id < other.id ? -1 : 1;
}
