import type { RunStatus } from "@beckon/core/runtime";
import type { Claim, ClaimedRun } from "@beckon/engine";
import type { Bodies } from "./bodies.ts";
import type { Events } from "./events.ts";
import { HEIRS, type Limits } from "./limits.ts";
import { BEGUN_COLUMNS, type RecordRow, toRunRecord } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";
import { toClaim } from "./sqlite-claim.ts";
import type { Statuses } from "./statuses.ts";
import type { Tasks } from "./tasks.ts";
import type { ToldEvents } from "./told-events.ts";

interface ClaimedRow extends RecordRow {
  readonly number: number;
  readonly limited_ms: number;
  readonly lease: number;
  readonly input: string;
  readonly payload: string | null;
  readonly context: string | null;
  readonly beside: number;
}

const CLAIM = `UPDATE runs SET status = 'EXECUTING', worker_id = ?, lease = lease + 1,
  execution_count = execution_count + 1, event_count = event_count + 1,
  started_at = coalesce(started_at, ?), started_seq = coalesce(started_seq, event_count + 1)`;
const CLAIMED = `RETURNING number, ${BEGUN_COLUMNS}, execution_ms - execution_ms_at_retry AS limited_ms,
  lease, input, payload, context, beside`;

/** Behind how many runs with a limit we look for those without one: they are claimed ahead, not looked for at any cost. */
const LIMITED_BETWEEN = 100;

function prepare(session: Session) {
  return {
    // Whether any run is ready, of whichever job; runs_ready.
    anyReady: session.hot("SELECT 1 FROM runs WHERE status = 'QUEUED' AND hold IS NULL LIMIT 1"),
    // Jobs whose runs are being held back, chunk by chunk; jobs_sweeping.
    pausing: session.hot<{ readonly id: string }>("SELECT id FROM jobs WHERE is_paused = 1 AND swept_to IS NOT NULL"),
    // Whether a claim is still good; its id.
    find: session.hot<{ readonly status: RunStatus; readonly lease: number }>(
      "SELECT status, lease FROM runs WHERE id = ?",
    ),
  };
}

interface ClaimingWorker {
  readonly jobIds: readonly string[];
  readonly first: Statement;
  readonly claim: Statement<ClaimedRow>;
  readonly claimFree: Statement<ClaimedRow>;
  readonly takeOver: Statement<ClaimedRow>;
}

function prepareWorker(session: Session, jobIds: readonly string[]): ClaimingWorker {
  // The plus keeps the planner from going along every run of these jobs, of which there may be a million.
  const isOurs = `+job_id IN (${jobIds.map(() => "?").join(", ")})
    AND (expires_at IS NULL OR expires_at > ? OR started_at IS NOT NULL)`;
  const line = `FROM runs WHERE status = 'QUEUED' AND hold IS NULL AND ${isOurs} ORDER BY priority DESC, queued_at, id LIMIT ?`;
  return {
    jobIds,
    // Whether a run of these jobs is ready; runs_ready.
    first: session.hot(`SELECT 1 ${line}`),
    // QUEUED → EXECUTING for the first of the ready runs of these jobs; runs_ready.
    claim: session.hot(`${CLAIM} WHERE number IN (SELECT number ${line}) ${CLAIMED}`),
    // The same for those among them that may be claimed before they can begin; runs_ready.
    claimFree: session.hot(`${CLAIM} WHERE number IN (
      SELECT number FROM (SELECT number, limit_id, expires_at ${line})
      WHERE limit_id IS NULL AND expires_at IS NULL LIMIT ?) ${CLAIMED}`),
    // backlog → EXECUTING for those of these jobs to which freed places of a limit go; runs_backlog.
    takeOver: session.hot(`${CLAIM}, hold = NULL, holds_place = 1 WHERE number IN (${HEIRS}) AND ${isOurs} ${CLAIMED}`),
  };
}

interface ClaimParts {
  readonly bodies: Bodies;
  readonly limits: Limits;
  readonly events: Events;
  readonly statuses: Statuses;
  readonly tasks: Tasks;
  readonly told: ToldEvents;
}

/** Of a run that was never executed. */
export const NO_LOGS: ReadonlyMap<string, number> = new Map();

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
    this.#workers.set(workerId, prepareWorker(this.#session, jobIds));
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
    if (!this.#isAnyThere()) {
      this.#forgetReady();
      return [];
    }
    const pausing = new Set(this.#sql.pausing.all().map(({ id }) => id));
    const jobIds = worker.jobIds.map((id) => (pausing.has(id) ? null : id));
    const values = [workerId, now, ...jobIds, now];
    const rows = this.#takeOver(worker, { values, limit });
    this.#parts.limits.fillFreed();
    if (rows.length < limit) rows.push(...worker.claim.all(...values, limit - rows.length));
    if (rows.length < limit) this.#forgetReady();
    // Claiming starts a run for its limit and its ttl, so one that has either is not claimed before it can begin.
    if (ahead > 0 && rows.length === limit)
      rows.push(...worker.claimFree.all(...values, ahead + LIMITED_BETWEEN, ahead));
    return rows.map((row) => this.#toClaimedRun(row, now)).toSorted(byTurn);
  }

  /** A claim that finds nothing costs ten times as much as this, and every lone run that ends asks for one. */
  #isAnyThere(): boolean {
    return this.#session.freedPlaces.size > 0 || this.#sql.anyReady.get() !== undefined;
  }

  /** Nothing is left for the only worker of this process: it need not look again when this is committed. */
  #forgetReady(): void {
    if (this.#workers.size === 1) this.#session.changes.forgetReady();
  }

  /** Claims those who wait for what fell free in this transaction, where nobody who is ready comes before one of them. */
  #takeOver(
    worker: ClaimingWorker,
    { values, limit }: { readonly values: readonly unknown[]; readonly limit: number },
  ): ClaimedRow[] {
    const { freedPlaces } = this.#session;
    const count = [...freedPlaces.values()].reduce((sum, freed) => sum + freed, 0);
    if (count === 0 || count > limit || this.#sql.anyReady.get() !== undefined) return [];
    const rows: ClaimedRow[] = [];
    for (const [limitId, freed] of freedPlaces) {
      const taken = worker.takeOver.all({ limitId, freed }, ...values);
      rows.push(...taken);
      if (taken.length < freed) freedPlaces.set(limitId, freed - taken.length);
      else freedPlaces.delete(limitId);
    }
    return rows;
  }

  /** The jobs of which this worker may have a new run at once: none where another of its runs is ready, and comes before. */
  jobsWithoutLine(workerId: string, now: number): readonly string[] {
    const worker = this.#workers.get(workerId);
    if (worker === undefined) return [];
    this.#parts.limits.fillFreed();
    const isClear = this.#sql.anyReady.get() === undefined || worker.first.get(...worker.jobIds, now, 1) === undefined;
    return isClear ? worker.jobIds : [];
  }

  findLost(claims: readonly Claim[]): readonly { readonly claim: Claim; readonly status: RunStatus | null }[] {
    return claims.flatMap((claim) => {
      const run = this.#sql.find.get(claim.runId);
      if (run?.status === "EXECUTING" && run.lease === claim.lease) return [];
      return [{ claim, status: run?.status ?? null }];
    });
  }

  #toClaimedRun(row: ClaimedRow, now: number): ClaimedRun {
    const { bodies, events, statuses, tasks, told } = this.#parts;
    const { id, input, payload, context } = bodies.fill(row);
    const isFirst = row.execution_count === 1;
    // The first EXECUTING is read off the run's row.
    if (!isFirst) events.appendStatus(id, row.event_count, { at: now, status: "EXECUTING" });
    this.#session.changes.note(id, "EXECUTING");
    const run = toRunRecord(row);
    const known = told.know(row.number, row.event_count);
    const claim = toClaim(run, { lease: row.lease, known, hasBeside: row.beside !== 0 });
    const steps = isFirst ? [] : tasks.ofRun(id);
    known.learnSteps(steps);
    return {
      claim,
      run,
      input,
      limitedMs: row.limited_ms,
      payload,
      context,
      tasks: steps,
      logCounts: isFirst ? NO_LOGS : events.countLogs(id),
      statuses: isFirst ? [] : statuses.ofRun(id),
    };
  }
}

/** The order of runs_ready, which neither RETURNING nor a request of several births keeps. */
export function byTurn({ run: one }: ClaimedRun, { run: other }: ClaimedRun): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  const byArrival = (one.queuedAt ?? 0) - (other.queuedAt ?? 0);
  if (byArrival !== 0) return byArrival;
  return one.id < other.id ? -1 : 1;
}
