import type { WorkerRegistration } from "@beckon/engine";
import type { Deliveries } from "./deliveries.ts";
import type { Endings } from "./end-run.ts";
import type { JobLimits } from "./job-limits.ts";
import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { Lingering } from "./lingering.ts";
import type { LiveRun, LiveRuns } from "./live-run.ts";
import { IS_LISTED, type Newborns } from "./newborns.ts";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    add: session.rare(`INSERT INTO workers (id, opened_at) VALUES (?, ?)
      ON CONFLICT (id) DO UPDATE SET opened_at = excluded.opened_at`),
    addJob: session.rare(
      "INSERT OR IGNORE INTO worker_jobs (worker_id, job_id, limit_id, limit_max) VALUES (?, ?, ?, ?)",
    ),
    nameJob: session.rare(`INSERT INTO jobs (id, name, is_paused) VALUES (?, ?, 0)
      ON CONFLICT (id) DO UPDATE SET name = excluded.name`),
    addVersion: session.rare("INSERT OR IGNORE INTO job_versions (job_id, version, first_seen_at) VALUES (?, ?, ?)"),
    // How large other workers define the limits of one, those that were opened last at the end.
    sizesOfOthers: session.rare<{ readonly id: string; readonly max: number }>(`SELECT limit_id AS id, limit_max AS max
      FROM worker_jobs JOIN workers ON workers.id = worker_jobs.worker_id
      WHERE worker_id <> @workerId AND limit_max IS NOT NULL
        AND limit_id IN (SELECT limit_id FROM worker_jobs WHERE worker_id = @workerId)
      ORDER BY opened_at, worker_id`),
    ids: session.rare<{ readonly id: string }>("SELECT id FROM workers"),
    isThere: session.rare("SELECT 1 FROM workers WHERE id = ?"),
    // Its runs; runs_live, of which few are EXECUTING.
    executing: session.hot<{ readonly id: string }>(`SELECT id FROM runs INDEXED BY runs_live
      WHERE status = 'EXECUTING' AND status <> 'QUEUED' AND ${IS_LISTED} AND worker_id = ?
      LIMIT ?`),
    // EXECUTING → QUEUED follows; primary key.
    countCrash: session.hot("UPDATE runs SET crash_count = ? WHERE number = ?"),
    remove: session.rare("DELETE FROM workers WHERE id = ?"),
    removeJobs: session.rare("DELETE FROM worker_jobs WHERE worker_id = ?"),
  };
}

interface WorkerParts {
  readonly runs: LiveRuns;
  readonly newborns: Newborns;
  readonly limits: Limits;
  readonly jobLimits: JobLimits;
  readonly lingering: Lingering;
  readonly line: Line;
  readonly endings: Endings;
  readonly deliveries: Deliveries;
}

/** What becomes of the runs of a worker that is gone: `isOver` false, there are more of them. */
interface TakenOver {
  readonly requeued: number;
  readonly poisoned: number;
  readonly isOver: boolean;
}

/** How many runs one transaction takes over, so that it stays short. */
const CHUNK = 500;

/** The processes that claim, as rows. Whether one is alive is told by its lock, not here. */
export class Workers {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #parts: WorkerParts;

  constructor(session: Session, parts: WorkerParts) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#parts = parts;
  }

  open({ workerId, jobs, now }: WorkerRegistration): void {
    this.#sql.add.run(workerId, now);
    this.#sql.removeJobs.run(workerId);
    for (const job of jobs) {
      this.#sql.addJob.run(workerId, job.id, job.limit?.id ?? null, job.limit?.max ?? null);
      this.#sql.nameJob.run(job.id, job.name);
      this.#sql.addVersion.run(job.id, job.version, now);
      if (job.limit !== null) this.#parts.limits.resize(job.limit);
    }
  }

  listIds(): readonly string[] {
    return this.#sql.ids.all().map(({ id }) => id);
  }

  /** Gives back a chunk of what the worker still has; `isOver` with the last one. */
  close(workerId: string, now: number): { readonly isOver: boolean } {
    return this.#takeOver(workerId, (run, isExchanged) => this.#requeue(run, { crashCount: 0, isExchanged, now }));
  }

  /** The same for a worker whose process died: each of its runs is one crash nearer to being poisoned. */
  recover(
    workerId: string,
    request: { readonly now: number; readonly poisonAfter: number; readonly poisonError: string },
  ): TakenOver {
    const { now, poisonAfter, poisonError } = request;
    let poisoned = 0;
    const { count, isOver } = this.#takeOver(workerId, (run, isExchanged) => {
      const crashCount = run.crash_count + 1;
      if (crashCount < poisonAfter) {
        this.#requeue(run, { crashCount, isExchanged, now });
        return;
      }
      poisoned += 1;
      const ending = { status: "FAILURE", output: null, error: poisonError } as const;
      this.#parts.endings.end(run, { ...ending, executedMs: 0, isStillRunning: false, now });
    });
    return { requeued: count - poisoned, poisoned, isOver };
  }

  /** Another process may have been quicker: then the worker's row is gone, and nothing is left to be done. */
  #takeOver(
    workerId: string,
    leave: (run: LiveRun, isExchanged: boolean) => void,
  ): { readonly count: number; readonly isOver: boolean } {
    if (this.#sql.isThere.get(workerId) === undefined) return { count: 0, isOver: true };
    this.#parts.newborns.list(workerId);
    // Before its runs are given back: none of them may start in a place that there is only by its own definition.
    this.#leaveSizes(workerId);
    const exchanged = new Set(this.#parts.jobLimits.findExchanged(workerId).map(({ id }) => id));
    const found = this.#sql.executing.all(workerId, CHUNK);
    // Each is read when its turn comes: the end of one before it may have told it something.
    for (const { id } of found) {
      const run = this.#parts.runs.find(id);
      if (run !== undefined) leave(run, exchanged.has(run.job_id));
    }
    if (found.length === CHUNK) return { count: CHUNK, isOver: false };
    this.#parts.lingering.releaseOfWorker(workerId);
    this.#parts.deliveries.giveBackOfWorker(workerId);
    // A suspect, who stands in no backlog, may have one of its places, and no worker looks for that by itself.
    this.#session.changes.noteReady();
    return { count: found.length, isOver: true };
  }

  /** Nothing of it is left to be done: whoever dies before that leaves it to the next one that looks for dead workers. */
  forget(workerId: string): void {
    this.#sql.removeJobs.run(workerId);
    this.#sql.remove.run(workerId);
  }

  /** Its limits are as large as the worker defines them that was opened last among the others. */
  #leaveSizes(workerId: string): void {
    const sizes = new Map(this.#sql.sizesOfOthers.all({ workerId }).map((limit) => [limit.id, limit]));
    for (const limit of sizes.values()) this.#parts.limits.resize(limit);
  }

  /**
   * Where the job's limit was exchanged, the run comes under that which it has by now: the next claim may come before the rest of
   * what the worker made is moved.
   */
  #requeue(
    run: LiveRun,
    {
      crashCount,
      isExchanged,
      now,
    }: { readonly crashCount: number; readonly isExchanged: boolean; readonly now: number },
  ): void {
    const { limits, jobLimits, line } = this.#parts;
    this.#sql.countCrash.run(crashCount, run.number);
    limits.freePlaceOf(run);
    const counted = { ...run, crash_count: crashCount };
    if (!isExchanged) return line.queue(counted, { now });
    line.queue({ ...counted, limit_id: jobLimits.renew(run) }, { now });
    if (run.limit_id !== null && run.concurrency_key !== null) limits.dropUnused(run.limit_id);
  }
}
