import type { Session, Statement } from "./session.ts";

/** How many rows one statement writes, at most; what is left over goes by the next. */
const SIZES = [32, 16, 8, 4, 2];

/**
 * A statement of a few columns that is prepared for several rows, too. To open and close one (its cursors, and the way
 * down to the end of each index) is a third of what such a row costs, and rows that go together share that.
 */
export class ManyRows {
  readonly #sizes: readonly { readonly valueCount: number; readonly statement: Statement }[];

  /** Both say the values of a row in the same order, so many. */
  constructor(
    session: Session,
    valueCount: number,
    sql: { readonly one: string; readonly many: (rows: number) => string },
  ) {
    const many = SIZES.map((rows) => ({ valueCount: rows * valueCount, statement: session.hot(sql.many(rows)) }));
    this.#sizes = [...many, { valueCount, statement: session.hot(sql.one) }];
  }

  /** Takes the values of row after row; gives how many rows were written. */
  run(values: readonly unknown[]): number {
    let written = 0;
    let done = 0;
    for (const { valueCount, statement } of this.#sizes) {
      for (; values.length - done >= valueCount; done += valueCount)
        written += statement.run(...values.slice(done, done + valueCount)).changes;
    }
    return written;
  }
}

/** Parameters for so many values of so many rows, to be read as `column1` and so on. */
export function toParameterRows(rows: number, valueCount: number): string {
  return `(VALUES ${forEachRow(rows, `(${forEachRow(valueCount, "?")})`)})`;
}

/** The same text for each row, as a list. */
export function forEachRow(rows: number, text: string): string {
  return Array.from({ length: rows }, () => text).join(", ");
}
