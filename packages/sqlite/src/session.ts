import type Database from "better-sqlite3";
import { ChangeLog } from "./change-log.ts";

export type Statement<Row = unknown> = Database.Statement<unknown[], Row>;

/** What the verbs of one store share: the connection, its prepared statements, and the changes of the transaction under way. */
export class Session {
  readonly db: Database.Database;
  readonly changes = new ChangeLog();
  /** How many places of each limit fell free in the transaction under way, and are not given on yet. */
  readonly freedPlaces = new Map<string, number>();
  /** How many transactions were rolled back. */
  rollbacks = 0;
  /**
   * The same object for as long as nobody is known to have written who may have touched runs that others have claimed: a claim
   * that was good in this calm is good. It is not ended by who makes runs or claims them, nor by the holder of a claim who
   * writes of its own run alone: that one's own knowledge is what it goes by.
   */
  calm: object = {};
  /** The SQL on the way of every run: each must be served by an index, which a test reads from its query plan. */
  readonly hotSql = new Set<string>();

  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #dataVersion: Database.Statement<unknown[], number>;
  /** What SQLite calls the state of the file as other connections left it. */
  #seenVersion: number | undefined;

  constructor(db: Database.Database) {
    this.db = db;
    this.#dataVersion = db.prepare<unknown[], number>("PRAGMA data_version").pluck();
    this.#begin = db.prepare("BEGIN");
    this.#commit = db.prepare("COMMIT");
  }

  /** Somebody has written who may have touched runs that others have claimed. */
  endCalm(): void {
    this.calm = {};
  }

  /** Ends the calm where another connection has written. To be asked in a transaction that writes. */
  noticeOthers(): void {
    const version = this.#dataVersion.get();
    if (version !== this.#seenVersion) this.endCalm();
    this.#seenVersion = version;
  }

  /** The transaction under way was rolled back. */
  noteRollback(): void {
    this.rollbacks += 1;
    this.changes.take();
    this.freedPlaces.clear();
  }

  /**
   * Several statements see one state of the database, whatever other processes commit meanwhile. Inside of a transaction
   * they do anyway.
   */
  snapshot<Value>(read: () => Value): Value {
    if (this.db.inTransaction) return read();
    this.#begin.run();
    try {
      return read();
    } finally {
      // SQLite itself has ended it where the disk failed: that is what is to be told then.
      if (this.db.inTransaction) this.#commit.run();
    }
  }

  /** Prepares a statement whose cost must not grow with the database. */
  hot<Row = unknown>(sql: string): Statement<Row> {
    const hidden = hideParameters(sql);
    this.hotSql.add(hidden);
    return this.db.prepare<unknown[], Row>(hidden);
  }

  /** Prepares a statement of a person's request or of upkeep, which may read more. */
  rare<Row = unknown>(sql: string): Statement<Row> {
    return this.db.prepare<unknown[], Row>(sql);
  }
}

/**
 * SQLite's planner looks at the values of parameters, and where one may have changed its mind (`LIMIT ?`, some
 * `column = ?`) the statement is parsed and planned anew at every execution: up to 60 µs for one that takes 5.
 * Behind a plus, which costs nothing when it runs, it does not see them. Our plans depend on no value: B45 reads them.
 */
function hideParameters(sql: string): string {
  return sql.replaceAll(/\?|@\w+/g, "+$&");
}
