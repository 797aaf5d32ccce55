import type { RecordRow } from "./run-row.ts";
import type { Session, Statement } from "./session.ts";

function prepare(session: Session) {
  return {
    // The next lower priority that ready runs have; runs_ready.
    nextPriority: session.hot<{ readonly priority: number }>(`SELECT priority FROM runs INDEXED BY runs_ready
      WHERE status = 'QUEUED' AND hold IS NULL AND priority < ? ORDER BY priority DESC LIMIT 1`),
  };
}

/** Ready runs of one priority, the last in line first. */
export interface ReadySearch {
  /** Behind the priority, which is the first of the statement's. */
  readonly values: readonly (string | number)[];
  readonly limit: number;
}

/**
 * The newest of the ready runs, found from the end of their line: they are in no index by age. A run is queued when it
 * is made or later, so behind a run that was queued before the oldest of a full page was made, there is none for it.
 */
export class ReadyWalk {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  findNewest(statement: Statement<RecordRow>, { values, limit }: ReadySearch): readonly RecordRow[] {
    let page: readonly RecordRow[] = [];
    for (const priority of this.#listPriorities()) {
      const added: RecordRow[] = [];
      let oldest = page.length < limit ? undefined : page.at(-1);
      for (const row of statement.iterate(priority, ...values)) {
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

  #listPriorities(): readonly number[] {
    const priorities: number[] = [];
    let next = this.#sql.nextPriority.get(Number.POSITIVE_INFINITY);
    while (next !== undefined) {
      priorities.push(next.priority);
      next = this.#sql.nextPriority.get(next.priority);
    }
    return priorities;
  }
}

function toPage(rows: readonly RecordRow[], limit: number): readonly RecordRow[] {
  return rows.toSorted((one, other) => (one.id < other.id ? 1 : -1)).slice(0, limit);
}
