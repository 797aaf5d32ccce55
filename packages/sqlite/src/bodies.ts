import type { Session } from "./session.ts";

/** Texts longer than this lie beside the run's row, so that reading and moving rows stays cheap. */
const INLINE_LENGTH = 1_024;

/** The bit of each text in the column `beside`. */
const BITS = { input: 1, payload: 2, context: 4, output: 8, error: 16 } as const;

export type BodyKind = keyof typeof BITS;

const KINDS = Object.keys(BITS) as readonly BodyKind[];

type Texts = { readonly [Kind in BodyKind]?: string | null };

function prepare(session: Session) {
  return {
    // A text of a run begins to lie beside it; primary key.
    insert: session.hot("INSERT INTO bodies (run_id, kind, text) VALUES (?, ?, ?)"),
    // A text is replaced; primary key.
    delete: session.hot("DELETE FROM bodies WHERE run_id = ? AND kind = ?"),
    // A run is claimed or read; primary key.
    read: session.hot<{ readonly kind: BodyKind; readonly text: string }>(
      "SELECT kind, text FROM bodies WHERE run_id = ?",
    ),
  };
}

/** The large texts of runs. */
export class Bodies {
  readonly #sql: ReturnType<typeof prepare>;

  constructor(session: Session) {
    this.#sql = prepare(session);
  }

  /** Puts the large ones of these texts beside the run, in place of what lay there; gives the run's `beside`. */
  store(runId: string, beside: number, texts: Texts): number {
    let bits = beside;
    for (const kind of KINDS) {
      const text = texts[kind];
      if (text === undefined) continue;
      if ((bits & BITS[kind]) !== 0) this.#sql.delete.run(runId, kind);
      bits &= ~BITS[kind];
      if (!isLarge(text)) continue;
      this.#sql.insert.run(runId, kind, text);
      bits |= BITS[kind];
    }
    return bits;
  }

  /** The row with the texts that lie beside it. */
  fill<Row extends { readonly id: string; readonly beside: number }>(row: Row): Row {
    if (row.beside === 0) return row;
    const texts = this.#sql.read.all(row.id).map(({ kind, text }) => [kind, text] as const);
    return { ...row, ...Object.fromEntries(texts) };
  }
}

/** What stands in the row: null when the text lies beside it. */
export function inline(text: string | null): string | null {
  return isShort(text) ? text : null;
}

/** Whether it stands in the row. */
export function isShort(text: string | null): boolean {
  return text === null || text.length <= INLINE_LENGTH;
}

function isLarge(text: string | null): text is string {
  return !isShort(text);
}
