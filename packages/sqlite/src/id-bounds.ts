import type { Session } from "./session.ts";

interface Row {
  readonly number: number;
  readonly id: string;
  readonly created_at: number;
}

function prepare(session: Session) {
  return {
    first: session.rare<Row>("SELECT number, id, created_at FROM runs WHERE number >= ? ORDER BY number LIMIT 1"),
    last: session.rare<Row>("SELECT number, id, created_at FROM runs ORDER BY number DESC LIMIT 1"),
  };
}

/**
 * Finds where an instant lies among the ids, so that lists of a span of time need no index of it. Ids sort as
 * `createdAt` does: a run made before the instant has a lower id than every run made at it or after. Rows are
 * numbered in nearly that order, so bisecting finds the nearest runs; where two processes wrote out of order it
 * finds near ones, which bound the list as rightly.
 */
export class IdBounds {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  /** Runs near the instant: the last one made `before` it, and the first one made `after` or at it. */
  around(instant: number): { readonly before: string | null; readonly after: string | null } {
    let before: string | null = null;
    let after: string | null = null;
    let low = 0;
    let high = this.#sql.last.get()?.number ?? -1;
    while (low <= high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.#sql.first.get(middle);
      if (row !== undefined && row.created_at < instant) {
        before = row.id;
        low = row.number + 1;
      } else {
        after = row?.id ?? after;
        high = middle - 1;
      }
    }
    return { before, after };
  }
}
