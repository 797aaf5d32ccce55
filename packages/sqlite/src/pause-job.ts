import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { LiveRuns } from "./live-run.ts";
import type { Session } from "./session.ts";

function prepare(session: Session) {
  return {
    set: session.rare(`INSERT INTO jobs (id, is_paused, swept_to) VALUES (?, ?, '')
      ON CONFLICT (id) DO UPDATE SET is_paused = excluded.is_paused, swept_to = ''`),
    find: session.hot<Sweep>("SELECT id, is_paused, swept_to FROM jobs WHERE id = ? AND swept_to IS NOT NULL"),
    // Sweeps that a crash may have left; jobs_sweeping.
    unfinished: session.hot<Sweep>(`SELECT id, is_paused, swept_to FROM jobs
      WHERE is_paused IN (0, 1) AND swept_to IS NOT NULL LIMIT 1`),
    advance: session.hot("UPDATE jobs SET swept_to = ? WHERE id = ?"),
    // The next QUEUED runs of the job; runs_live.
    queued: session.hot<{ readonly id: string }>(`SELECT id FROM runs INDEXED BY runs_live
      WHERE status = 'QUEUED' AND completed_at IS NULL AND id > ? AND job_id = ? ORDER BY id LIMIT ?`),
    // Which hold a QUEUED run has; primary key.
    hold: session.hot("UPDATE runs SET hold = ?, holds_place = ? WHERE number = ?"),
  };
}

interface Sweep {
  readonly id: string;
  readonly is_paused: number;
  readonly swept_to: string;
}

/** How many runs one transaction goes over, so that it stays short. */
const CHUNK = 500;

/**
 * Pausing is one row, which claims and newcomers heed at once; the job's QUEUED runs then get or lose their hold
 * chunk by chunk. How far that went is in the row, so that a crash in between leaves nothing undone.
 */
export class Pauses {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  readonly #limits: Limits;
  readonly #line: Line;
  readonly #runs: LiveRuns;

  constructor(session: Session, parts: { readonly runs: LiveRuns; readonly limits: Limits; readonly line: Line }) {
    this.#sql = prepare(session);
    this.#session = session;
    this.#limits = parts.limits;
    this.#line = parts.line;
    this.#runs = parts.runs;
  }

  set(jobId: string, isPaused: boolean): void {
    this.#sql.set.run(jobId, Number(isPaused));
    // Runs that no sweep had come to yet are ready as they are, and were passed over meanwhile.
    if (!isPaused) this.#session.changes.noteReady();
  }

  /** Goes over the next runs of the job; false: there are no more. */
  sweep(jobId: string): boolean {
    const sweep = this.#sql.find.get(jobId);
    if (sweep === undefined) return false;
    const runs = this.#sql.queued.all(sweep.swept_to, jobId, CHUNK);
    for (const { id } of runs) this.#apply(id, sweep.is_paused === 1);
    const last = runs.length < CHUNK ? undefined : runs.at(-1);
    this.#sql.advance.run(last?.id ?? null, jobId);
    return last !== undefined;
  }

  /** Goes on with a sweep that nobody goes on with. */
  sweepAny(): void {
    const sweep = this.#sql.unfinished.get();
    if (sweep !== undefined) this.sweep(sweep.id);
  }

  /** Reads the run again: what another one gave up may have become its place. */
  #apply(runId: string, isPaused: boolean): void {
    const run = this.#runs.find(runId);
    if (run === undefined || (run.hold === "paused") === isPaused) return;
    if (isPaused) {
      this.#sql.hold.run("paused", 0, run.number);
      this.#limits.freePlaceOf(run);
      return;
    }
    const hold = this.#line.enter(run);
    this.#sql.hold.run(hold, hold === null && run.limit_id !== null ? 1 : 0, run.number);
  }
}
