import { toShare, type WorkerJob } from "@beckon/engine";
import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { LiveRun, LiveRuns } from "./live-run.ts";
import { IS_LISTED, IS_NEWBORN } from "./newborns.ts";
import type { Session } from "./session.ts";

/** In place of a job's limit while its runs are being moved, and where it was never noted: no limit has this id. */
const UNSETTLED = "";

/** The sixth migration: which limit a job has, so that another one is noticed. */
export const LIMITS_OF_JOBS = `
ALTER TABLE jobs ADD COLUMN limit_id TEXT; -- that its runs count against; NULL: none; '': not settled
UPDATE jobs SET limit_id = '${UNSETTLED}';
`;

/** In `worker_jobs.limit_id`, of a worker that was opened before there was one. No limit has such an id either. */
const UNKNOWN = "";

/** In a statement on `runs`: those that do not count against the limit `@limitId`, or where they have a key against its share. */
const COUNTS_ELSEWHERE = `limit_id IS NOT CASE WHEN concurrency_key IS NULL THEN @limitId
  ELSE @limitId || ':' || concurrency_key END`;

function prepare(session: Session) {
  return {
    find: session.rare<{ readonly limit_id: string | null }>("SELECT limit_id FROM jobs WHERE id = ?"),
    // As the worker that came last has it; primary keys.
    named: session.hot<NamedLimit>(`SELECT jobs.limit_id, max FROM jobs LEFT JOIN limits ON limits.id = jobs.limit_id
      WHERE jobs.id = ? AND name IS NOT NULL`),
    // A failed run is not finished any more; primary key.
    own: session.hot<NamedLimit>("SELECT limit_id, limit_max AS max FROM runs WHERE number = ?"),
    note: session.rare("UPDATE jobs SET limit_id = ? WHERE id = ?"),
    // The jobs of a worker that have another limit by now than it defines them with; worker_jobs_of_worker and primary keys.
    exchanged: session.rare<NamedLimit & { readonly id: string }>(`SELECT jobs.id, jobs.limit_id, max FROM worker_jobs
      JOIN jobs ON jobs.id = worker_jobs.job_id LEFT JOIN limits ON limits.id = jobs.limit_id
      WHERE worker_id = ? AND jobs.limit_id IS NOT worker_jobs.limit_id AND jobs.limit_id IS NOT '${UNSETTLED}'
        AND worker_jobs.limit_id IS NOT '${UNKNOWN}'`),
    // Whether the runs of one of them are being moved; worker_jobs_of_worker and primary key.
    moving: session.rare(`SELECT 1 FROM worker_jobs JOIN jobs ON jobs.id = worker_jobs.job_id
      WHERE worker_id = ? AND jobs.limit_id = '${UNSETTLED}' AND worker_jobs.limit_id IS NOT '${UNKNOWN}' LIMIT 1`),
    // The job's unfinished runs that are still to be moved. A few, or those of one status, or those that may start.
    newborns: session.rare<Found>(`SELECT id FROM runs NOT INDEXED WHERE ${IS_NEWBORN} AND job_id = @jobId
      AND ${COUNTS_ELSEWHERE} AND id > @after ORDER BY id LIMIT @most`),
    listed: session.rare<Found>(`SELECT id FROM runs INDEXED BY runs_live WHERE status = @place AND ${IS_LISTED}
      AND (status <> 'QUEUED' OR hold IS NOT NULL) AND job_id = @jobId AND ${COUNTS_ELSEWHERE} AND id > @after
      ORDER BY id LIMIT @most`),
    ready: session.rare<Found>(`SELECT id FROM runs INDEXED BY runs_ready WHERE status = 'QUEUED' AND hold IS NULL
      AND job_id = @jobId AND ${COUNTS_ELSEWHERE} LIMIT @most`),
    // It counts against another limit, or none; primary key.
    move: session.hot("UPDATE runs SET limit_id = ?, limit_max = ?, hold = ?, holds_place = ? WHERE number = ?"),
    exchange: session.hot("UPDATE runs SET limit_id = ?, limit_max = ? WHERE number = ?"),
  };
}

interface Found {
  readonly id: string;
}

/** A job, with the limit that its runs are to count against. */
type LimitedJob = Pick<WorkerJob, "id" | "limit">;

interface NamedLimit {
  readonly limit_id: string | null;
  readonly max: number | null;
}

interface Limit {
  readonly id: string;
  readonly max: number;
}

/** Where unfinished runs are found: what executes comes first, so that nothing starts in its place. */
const PLACES = ["newborn", "EXECUTING", "DELAYED", "WAITING", "QUEUED", "ready"] as const;

/** How many runs one transaction moves, so that it stays short. */
const CHUNK = 500;
/** What another process moves meanwhile from one place to another may be found in neither: the next pass finds it. */
const MOST_PASSES = 3;

interface LimitParts {
  readonly runs: LiveRuns;
  readonly limits: Limits;
  readonly line: Line;
}

/** Which limit the runs of each job count against: that which the worker that came last has in the job's definition. */
export class JobLimits {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #parts: LimitParts;

  constructor(session: Session, parts: LimitParts) {
    this.#sql = prepare(session);
    this.#parts = parts;
  }

  isOther({ id, limit }: LimitedJob): boolean {
    return (this.#sql.find.get(id)?.limit_id ?? null) !== (limit?.id ?? null);
  }

  /** Its runs are about to be moved: whoever comes next, with whichever limit, has to do it if this one dies meanwhile. */
  unsettle({ id }: LimitedJob): void {
    this.#sql.note.run(UNSETTLED, id);
  }

  /** All its runs were moved to it. */
  note({ id, limit }: LimitedJob): void {
    this.#sql.note.run(limit?.id ?? null, id);
  }

  /** Those of a worker's jobs to which another worker has given another limit since, with that. */
  findExchanged(workerId: string): readonly LimitedJob[] {
    return this.#sql.exchanged.all(workerId).map((row) => ({ id: row.id, limit: toLimit(row) }));
  }

  isMovingJobOf(workerId: string): boolean {
    return this.#sql.moving.get(workerId) !== undefined;
  }

  /** Moves the job's next runs of this place to its limit; gives their ids, which are as many as `CHUNK` where there may be more. */
  moveNext(job: LimitedJob, place: (typeof PLACES)[number], after: string): readonly string[] {
    const wanted = { jobId: job.id, limitId: job.limit?.id ?? null, after, most: CHUNK };
    const found = this.#find(place, wanted).map(({ id }) => id);
    for (const id of found) {
      // Before it is read: a place that fell free may be its own, and moving it looks at the line while it is still there.
      this.#parts.limits.fillFreed();
      // Read when its turn comes: the one before it may have taken its place.
      const run = this.#parts.runs.find(id);
      if (run !== undefined) this.#move(run, toShare(job.limit, run.concurrency_key));
    }
    return found;
  }

  /** Lets a run that is opened again count against the limit that its job has by now; gives the id of that. */
  renew(run: LiveRun): string | null {
    const named = this.#findNamed(run.job_id);
    if (named === undefined) return this.#renewOwn(run);
    const limit = toShare(named, run.concurrency_key);
    this.#sql.exchange.run(limit?.id ?? null, limit?.max ?? null, run.number);
    if (limit !== null && run.concurrency_key !== null) this.#parts.limits.ensure(limit, run.concurrency_key);
    return limit?.id ?? null;
  }

  /** undefined: no worker has named the job yet, or its runs are being moved. */
  #findNamed(jobId: string): Limit | null | undefined {
    const named = this.#sql.named.get(jobId);
    if (named === undefined || named.limit_id === UNSETTLED) return undefined;
    return toLimit(named);
  }

  /** No worker has named the job yet. A key's share goes with its last run, and comes again with this one. */
  #renewOwn({ number, limit_id: id, concurrency_key: key }: LiveRun): string | null {
    const max = this.#sql.own.get(number)?.max ?? null;
    if (id !== null && max !== null && key !== null) this.#parts.limits.restore({ id, max }, key);
    return id;
  }

  #find(place: (typeof PLACES)[number], wanted: Record<string, unknown>): readonly Found[] {
    if (place === "newborn") return this.#sql.newborns.all(wanted);
    if (place === "ready") return this.#sql.ready.all(wanted);
    return this.#sql.listed.all({ ...wanted, place });
  }

  #move(run: LiveRun, limit: Limit | null): void {
    const { limits } = this.#parts;
    if (limit !== null && run.concurrency_key !== null) limits.ensure(limit, run.concurrency_key);
    const { hold, holdsPlace } = this.#enter(run, limit?.id ?? null);
    limits.freePlaceOf(run);
    this.#sql.move.run(limit?.id ?? null, limit?.max ?? null, hold, holdsPlace, run.number);
    if (run.limit_id !== null && run.concurrency_key !== null) limits.dropUnused(run.limit_id);
  }

  #enter(run: LiveRun, limitId: string | null): Pick<LiveRun, "hold"> & { readonly holdsPlace: number } {
    const none = { hold: run.hold, holdsPlace: 0 };
    if (run.status === "EXECUTING" && limitId !== null) {
      this.#parts.limits.occupy(limitId);
      return { ...none, holdsPlace: 1 };
    }
    if (run.status !== "QUEUED" || run.hold === "paused") return none;
    const hold = this.#parts.line.enter({ ...run, limit_id: limitId });
    return { hold, holdsPlace: hold === null && limitId !== null ? 1 : 0 };
  }
}

function toLimit({ limit_id: id, max }: NamedLimit): Limit | null {
  return id === null || max === null ? null : { id, max };
}

type Write = <Value>(run: () => Value) => Promise<Value>;

/**
 * A deploy gave jobs another limit, or took it: their unfinished runs count against it from now on. Where it is interrupted,
 * the next worker does it again.
 */
export async function applyLimits(jobs: readonly WorkerJob[], limits: JobLimits, write: Write): Promise<void> {
  for (const job of await write(() => jobs.filter((one) => limits.isOther(one)))) {
    await write(() => limits.unsettle(job));
    await moveAll(job, limits, write);
    await write(() => limits.note(job));
  }
}

/**
 * A worker leaves, or was killed, whose jobs were given other limits by one that came after it: what it made meanwhile counts
 * against those. Its rows are there until this is done. Resolves with whether it is: what was made last of a job whose runs are
 * being moved may be missed by that, and has to be looked for once that is over.
 */
export async function handOverLimits(workerId: string, limits: JobLimits, write: Write): Promise<boolean> {
  const [exchanged, isMoving] = await write(
    () => [limits.findExchanged(workerId), limits.isMovingJobOf(workerId)] as const,
  );
  for (const job of exchanged) await moveAll(job, limits, write);
  return !isMoving;
}

async function moveAll(job: LimitedJob, limits: JobLimits, write: Write): Promise<void> {
  const moveNext = (place: (typeof PLACES)[number], after: string) => write(() => limits.moveNext(job, place, after));
  for (let pass = 0; pass < MOST_PASSES && (await moveOnce(moveNext)); pass += 1);
}

/** Resolves with whether any was moved. */
async function moveOnce(
  moveNext: (place: (typeof PLACES)[number], after: string) => Promise<readonly string[]>,
): Promise<boolean> {
  let hasMoved = false;
  for (const place of PLACES) {
    for (let moved = await moveNext(place, ""); moved.length > 0; moved = await moveNext(place, moved.at(-1) ?? "")) {
      hasMoved = true;
      if (moved.length < CHUNK) break;
    }
  }
  return hasMoved;
}
