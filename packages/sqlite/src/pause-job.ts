import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";
import type { LiveRuns } from "./live-run.ts";
import { IS_LISTED } from "./newborns.ts";
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
    // The job's next runs with a hold; runs_live.
    held: session.hot<{ readonly id: string }>(`SELECT id FROM runs INDEXED BY runs_live
      WHERE status = 'QUEUED' AND ${IS_LISTED} AND hold IS NOT NULL AND id > ? AND job_id = ?
      ORDER BY id LIMIT ?`),
    // The job's next ready runs of a priority, then of the lower ones; runs_ready.
    readyBehind: session.hot<ReadyRun>(`SELECT id, priority, queued_at FROM runs INDEXED BY runs_ready
      WHERE status = 'QUEUED' AND hold IS NULL AND priority = ? AND (queued_at, id) > (?, ?) AND job_id = ?
      ORDER BY queued_at, id LIMIT ?`),
    readyBelow: session.hot<ReadyRun>(`SELECT id, priority, queued_at FROM runs INDEXED BY runs_ready
      WHERE status = 'QUEUED' AND hold IS NULL AND priority < ? AND job_id = ?
      ORDER BY priority DESC, queued_at, id LIMIT ?`),
    // Which hold a QUEUED run has; primary key.
    hold: session.hot("UPDATE runs SET hold = ?, holds_place = ? WHERE number = ?"),
  };
}

interface Sweep {
  readonly id: string;
  readonly is_paused: number;
  /** A run id: it goes over the runs with a hold. A place in the line, as JSON: those are done, and it goes over the ready ones. */
  readonly swept_to: string;
}

interface ReadyRun {
  readonly id: string;
  readonly priority: number;
  readonly queued_at: number;
}

type PlaceInLine = readonly [priority: number, queuedAt: number, id: string];

const FRONT_OF_LINE: PlaceInLine = [Number.MAX_SAFE_INTEGER, 0, ""];

/** `sweptTo` null: there are no more behind these. */
interface NextRuns {
  readonly runIds: readonly string[];
  readonly sweptTo: string | null;
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
    const { runIds, sweptTo } = this.#findNext(sweep);
    for (const id of runIds) this.#apply(id, sweep.is_paused === 1);
    this.#sql.advance.run(sweptTo, jobId);
    return sweptTo !== null;
  }

  /**
   * Those with a hold come first: when the ready ones lose their limit's places, none of the job's is left in a backlog
   * that would become ready behind the sweep. Resuming has nothing to do with the ready ones.
   */
  #findNext({ id: jobId, is_paused: isPaused, swept_to: from }: Sweep): NextRuns {
    if (from.startsWith("[")) return this.#findReady(JSON.parse(from) as PlaceInLine, jobId, CHUNK);
    const held = this.#sql.held.all(from, jobId, CHUNK).map(({ id }) => id);
    if (held.length === CHUNK) return { runIds: held, sweptTo: held.at(-1) ?? null };
    if (isPaused === 0) return { runIds: held, sweptTo: null };
    const { runIds, sweptTo } = this.#findReady(FRONT_OF_LINE, jobId, CHUNK - held.length);
    return { runIds: [...held, ...runIds], sweptTo };
  }

  #findReady([priority, queuedAt, id]: PlaceInLine, jobId: string, limit: number): NextRuns {
    const behind = this.#sql.readyBehind.all(priority, queuedAt, id, jobId, limit);
    const runs = [...behind, ...this.#sql.readyBelow.all(priority, jobId, limit - behind.length)];
    const last = runs.length < limit ? undefined : runs.at(-1);
    const sweptTo = last === undefined ? null : JSON.stringify([last.priority, last.queued_at, last.id]);
    return { runIds: runs.map((run) => run.id), sweptTo };
  }

  /** Goes on with a sweep that nobody goes on with; false: there is none left. */
  sweepAny(): boolean {
    const sweep = this.#sql.unfinished.get();
    if (sweep === undefined) return false;
    return this.sweep(sweep.id) || this.#sql.unfinished.get() !== undefined;
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
