import type { RecordRow } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";

/** Ready runs that stand in the order of their coming. */
interface Rank {
  readonly job_id: string;
  readonly priority: number;
}

function prepare(session: Session) {
  return {
    // The next job that has ready runs, and the highest priority of those; runs_ready.
    nextJob: session.hot<Rank>(`SELECT job_id, priority FROM runs INDEXED BY runs_ready
      WHERE status = 'QUEUED' AND hold IS NULL AND job_id > ? ORDER BY job_id, priority DESC LIMIT 1`),
    // The next lower priority that ready runs of a job have; runs_ready.
    nextPriority: session.hot<Rank>(`SELECT job_id, priority FROM runs INDEXED BY runs_ready
      WHERE status = 'QUEUED' AND hold IS NULL AND job_id = ? AND priority < ? ORDER BY priority DESC LIMIT 1`),
  };
}

/** Ready runs of one job and priority, the last in line first. */
interface ReadySearch {
  readonly ranks: readonly Rank[];
  /** Behind the job and the priority, which are the first of the statement's. */
  readonly values: readonly (string | number)[];
  readonly limit: number;
}

/** A rank takes as long as hundreds of ready runs that are looked at in the index one after the other. */
const MOST_RANKS = 100;

/**
 * The newest of the ready runs, found from the ends of their lines: they are in no index by age. A run is queued when it
 * is made or later, so behind a run that was queued before the oldest of a full page was made, there is none for it. Where
 * there are very many lines it is quicker to look at all ready runs.
 */
export class ReadyWalk {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  /** Of the job, or of every one; null: they are too many to walk. */
  listRanks(jobId: string | undefined): readonly Rank[] | null {
    const { nextJob, nextPriority } = this.#sql;
    const ranks: Rank[] = [];
    let next = jobId === undefined ? nextJob.get("") : nextPriority.get(jobId, Number.POSITIVE_INFINITY);
    while (next !== undefined) {
      if (ranks.length === MOST_RANKS) return null;
      ranks.push(next);
      const below = nextPriority.get(next.job_id, next.priority);
      next = below ?? (jobId === undefined ? nextJob.get(next.job_id) : undefined);
    }
    return ranks;
  }

  findNewest(statement: Statement<RecordRow>, { ranks, values, limit }: ReadySearch): readonly RecordRow[] {
    let page: readonly RecordRow[] = [];
    for (const rank of ranks) {
      const added: RecordRow[] = [];
      let oldest = page.length < limit ? undefined : page.at(-1);
      for (const row of statement.iterate(rank.job_id, rank.priority, ...values)) {
        if (oldest !== undefined && (row.queued_at ?? 0) < oldest.created_at) break;
        added.push(row);
        if (added.length < limit) continue;
        page = toPage([...page, ...added.splice(0)], limit);
        oldest = page.at(-1);
      }
      page = toPage([...page, ...added], limit);
    }
    return page;
  }
}

function toPage(rows: readonly RecordRow[], limit: number): readonly RecordRow[] {
  return rows.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
}
