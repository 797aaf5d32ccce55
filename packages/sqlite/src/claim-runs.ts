import type { RunStatus } from "@beckon/core/runtime";
import { type Claim, type ClaimedRun, CRASHES_AFTER_PROGRESS } from "@beckon/engine";
import type { Bodies } from "./bodies.ts";
import { CLAIM, CLAIMED, type ClaimedRow, type Claimer, type ReadyClaims } from "./claim-ready.ts";
import type { SuspectClaims } from "./claim-suspect.ts";
import type { Events } from "./events.ts";
import { HEIRS, type Limits } from "./limits.ts";
import { IS_AWAITED, type ReadyLines } from "./ready-lines.ts";
import { toRunRecord } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";
import { toClaim } from "./sqlite-claim.ts";
import type { Statuses } from "./statuses.ts";
import type { Tasks } from "./tasks.ts";
import type { ToldEvents } from "./told-events.ts";

function prepare(session: Session) {
  return {
    // Whether any run is ready, of whichever job; runs_ready.
    anyReady: session.hot("SELECT 1 FROM runs WHERE status = 'QUEUED' AND hold IS NULL LIMIT 1"),
    // The same, and whether there is a suspect; runs_ready and runs_backlog.
    anyThere: session.hot<{ readonly isReady: number; readonly isSuspect: number }>(`SELECT
      EXISTS (SELECT 1 FROM runs WHERE status = 'QUEUED' AND hold IS NULL) AS isReady,
      EXISTS (SELECT 1 FROM runs WHERE status = 'QUEUED' AND hold = 'suspect') AS isSuspect`),
    // Jobs whose runs are being held back, chunk by chunk; jobs_sweeping.
    pausing: session.hot<{ readonly id: string }>("SELECT id FROM jobs WHERE is_paused = 1 AND swept_to IS NOT NULL"),
    // Whether a claim is still good; its id.
    find: session.hot<{ readonly status: RunStatus; readonly lease: number }>(
      "SELECT status, lease FROM runs WHERE id = ?",
    ),
  };
}

interface ClaimingWorker {
  /** In order. */
  readonly jobIds: readonly string[];
  readonly takeOver: Statement<ClaimedRow>;
}

function prepareWorker(session: Session, jobIds: readonly string[]): ClaimingWorker {
  return {
    jobIds: jobIds.toSorted(),
    // backlog → EXECUTING for those of these jobs to which freed places of a limit go; runs_backlog.
    takeOver: session.hot(`${CLAIM}, hold = NULL, holds_place = 1 WHERE number IN (${HEIRS})
      AND +job_id IN (${jobIds.map(() => "?").join(", ")}) AND ${IS_AWAITED} ${CLAIMED}`),
  };
}

interface ClaimParts {
  readonly bodies: Bodies;
  readonly lines: ReadyLines;
  readonly readyClaims: ReadyClaims;
  readonly suspectClaims: SuspectClaims;
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
    readonly suspect?: boolean | undefined;
    readonly mostCrashes?: number | undefined;
    readonly now: number;
  }): readonly ClaimedRun[] {
    const { workerId, ahead = 0, suspect = false, mostCrashes, now } = request;
    const worker = this.#workers.get(workerId);
    if (worker === undefined || request.limit === 0) return [];
    const { isReady, isSuspect } = this.#lookAround();
    if (!isReady && !isSuspect) {
      this.#forgetReady();
      return [];
    }
    const pausing = this.#sql.pausing.all().map(({ id }) => id);
    const jobIds = worker.jobIds.filter((id) => !pausing.includes(id));
    const suspects = suspect && isSuspect ? this.#parts.suspectClaims.take({ jobIds, workerId, mostCrashes, now }) : [];
    const limit = request.limit - suspects.length;
    const rows = this.#takeOver(worker, { jobIds, workerId, limit, now });
    this.#parts.limits.fillFreed();
    rows.push(...this.#parts.readyClaims.take({ jobIds, workerId, limit: limit - rows.length, ahead, now }));
    if (rows.length < limit) this.#forgetReady();
    const ready = rows.map((row) => this.#toClaimedRun(row, now)).toSorted(byTurn);
    return [...suspects.map((row) => this.#toClaimedRun(row, now)), ...ready];
  }

  /** A claim that finds nothing costs ten times as much as this, and every lone run that ends asks for one. */
  #lookAround(): { readonly isReady: boolean; readonly isSuspect: boolean } {
    const found = this.#sql.anyThere.get();
    return { isReady: this.#session.freedPlaces.size > 0 || found?.isReady === 1, isSuspect: found?.isSuspect === 1 };
  }

  /** Nothing is left for the only worker of this process: it need not look again when this is committed. */
  #forgetReady(): void {
    if (this.#workers.size === 1) this.#session.changes.forgetReady();
  }

  /** Claims those who wait for what fell free in this transaction, where nobody who is ready comes before one of them. */
  #takeOver(worker: ClaimingWorker, { jobIds, workerId, limit, now }: Claimer): ClaimedRow[] {
    const { freedPlaces } = this.#session;
    const count = [...freedPlaces.values()].reduce((sum, freed) => sum + freed, 0);
    if (count === 0 || count > limit || this.#sql.anyReady.get() !== undefined) return [];
    const ours = worker.jobIds.map((_, index) => jobIds[index] ?? null);
    const rows: ClaimedRow[] = [];
    for (const [limitId, freed] of freedPlaces) {
      const taken = worker.takeOver.all({ limitId, freed, workerId, now }, ...ours);
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
    const isClear = this.#sql.anyReady.get() === undefined || !this.#parts.lines.hasAny(worker.jobIds, now);
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
    known.hasCrashed = run.crashCount > CRASHES_AFTER_PROGRESS;
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

/** The order in which runs are claimed, which neither RETURNING nor a request of several births keeps. */
export function byTurn({ run: one }: ClaimedRun, { run: other }: ClaimedRun): number {
  if (one.priority !== other.priority) return other.priority - one.priority;
  const byArrival = (one.queuedAt ?? 0) - (other.queuedAt ?? 0);
  if (byArrival !== 0) return byArrival;
  return one.id < other.id ? -1 : 1;
}
