import { comesBefore, type Standing } from "./limits.ts";
import type { Session } from "./session.ts";

/** How many lines one statement merges, at most: to prepare it takes 50 µs for each, and SQLite knows no more than 500. */
export const MOST_MERGED = 128;

const READY = "FROM runs INDEXED BY runs_ready WHERE status = 'QUEUED' AND hold IS NULL";
/** A run that was never executed may have waited too long. */
export const IS_AWAITED = "(expires_at IS NULL OR expires_at > @now OR started_at IS NOT NULL)";
const BY_TURN = "ORDER BY priority DESC, queued_at, id";

/** The first run of a job's line. */
interface Front extends Standing {
  readonly job_id: string;
  readonly expires_at: number | null;
  readonly started_at: number | null;
}

const FRONT = `SELECT job_id, priority, queued_at, id, expires_at, started_at ${READY}`;

function prepare(session: Session) {
  return {
    // Who is first in the next line from this job's on; runs_ready.
    next: session.hot<Front>(`${FRONT} AND job_id >= ? ORDER BY job_id, priority DESC, queued_at, id LIMIT 1`),
    // Who is first among those in this job's line that may be claimed; runs_ready.
    awaited: session.hot<Front>(`${FRONT} AND job_id = @jobId AND ${IS_AWAITED} ${BY_TURN} LIMIT 1`),
  };
}

/**
 * The ready runs of each job stand in a line of their own (runs_ready), so that those of other jobs are in nobody's way.
 * Which lines a worker has is found by one step into the index for each of them.
 */
export class ReadyLines {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  /** Whether a run of these jobs, which are in order, may be claimed. */
  hasAny(jobIds: readonly string[], now: number): boolean {
    for (const _ of this.#findFronts(jobIds, now)) return true;
    return false;
  }

  /**
   * Those of these jobs, which are in order, that have the next runs. Of so many runs none is in another line: whoever is
   * first there has at least as many before it. One job alone is not looked for.
   */
  choose(jobIds: readonly string[], { runs, now }: { readonly runs: number; readonly now: number }): readonly string[] {
    if (jobIds.length <= 1) return jobIds;
    const fronts = [...this.#findFronts(jobIds, now)];
    if (fronts.length > runs) fronts.sort((one, other) => (comesBefore(one, other) ? -1 : 1));
    return fronts.slice(0, runs).map((front) => front.job_id);
  }

  *#findFronts(jobIds: readonly string[], now: number): Generator<Front> {
    let nextId = "";
    for (const jobId of jobIds) {
      // The last step went beyond this job: it has no line.
      if (jobId < nextId) continue;
      const next = this.#sql.next.get(jobId);
      if (next === undefined) return;
      nextId = next.job_id;
      if (nextId !== jobId) continue;
      const front = isAwaited(next, now) ? next : this.#sql.awaited.get({ jobId, now });
      if (front !== undefined) yield front;
    }
  }
}

function isAwaited({ expires_at: expiresAt, started_at: startedAt }: Front, now: number): boolean {
  return expiresAt === null || expiresAt > now || startedAt !== null;
}

/** For how many lines the statement is made that merges so many: not for each number of them another. */
export function toMergeSize(lines: number): number {
  return 2 ** Math.ceil(Math.log2(lines));
}

/**
 * A query for the first `@most` runs in the lines of the jobs `@jobIds` (JSON, of which there may be fewer), with what else
 * decides whether they are claimed. SQLite merges the parts of a UNION ALL that are in order, and reads no further than that takes.
 */
export function frontOfLines(size: number): string {
  const lines = Array.from(
    { length: size },
    (_, index) => `SELECT number, priority, queued_at, id, limit_id, expires_at
      ${READY} AND job_id = (@jobIds ->> ${index}) AND ${IS_AWAITED}`,
  );
  return `${lines.join(" UNION ALL ")} ${BY_TURN} LIMIT @most`;
}
