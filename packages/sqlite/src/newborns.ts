import type { Session } from "./session.ts";

/**
 * In a statement on `runs NOT INDEXED`: those that are not in runs_live yet. It reads what was made since the first of them;
 * along an index that suits the rest of the statement SQLite would read every run there is.
 */
export const IS_NEWBORN = `runs.number >= (SELECT min(newborns_from) FROM workers WHERE newborns_from IS NOT NULL)
  AND is_newborn = 1 AND completed_at IS NULL`;

/** What all rows of runs_live are: a statement that says so is answered from that index, and sees no newborn run. */
export const IS_LISTED = "completed_at IS NULL AND is_newborn IS NULL";

/** How long a run executes before it is listed, at the least. Whoever lists executing runs reads the rows made in this time. */
const LIST_AFTER_MS = 1_000;

interface Mark {
  /** The lowest number that a newborn run of the worker may have. */
  readonly from: number;
  /** How many transactions had been rolled back when it was written: after another, nobody knows whether it was. */
  readonly rollbacks: number;
}

function prepare(session: Session) {
  return {
    // The first newborn run of a worker since those before it were listed; primary key.
    mark: session.hot(`UPDATE workers SET newborns_from = min(coalesce(newborns_from, @number), @number)
      WHERE id = @workerId`),
    // Those that are still executing come into runs_live; the numbers since the mark.
    list: session.hot(`UPDATE runs SET is_newborn = NULL WHERE number >= (SELECT newborns_from FROM workers WHERE id = ?)
      AND is_newborn = 1 AND completed_at IS NULL AND worker_id = ?`),
    unmark: session.hot("UPDATE workers SET newborns_from = NULL WHERE id = ?"),
  };
}

/**
 * Runs that were born EXECUTING, in their first moment. No index of live runs has them, so that one which ends at once,
 * as most do, writes neither an entry nor its removal. Whoever looks for executing runs finds them among the newest rows:
 * the row of their worker says from which number on, and that is in the commit that bears the first of them.
 */
export class Newborns {
  readonly #sql: ReturnType<typeof prepare>;
  readonly #session: Session;
  /** By worker. */
  readonly #marks = new Map<string, Mark>();
  /** A worker has its first newborn run: those that are still there in a while are to be listed. */
  onFirst: (workerId: string) => void = () => undefined;

  constructor(session: Session) {
    this.#sql = prepare(session);
    this.#session = session;
  }

  /** A run of this worker was born, with this number. */
  add(workerId: string, number: number): void {
    const { rollbacks } = this.#session;
    const mark = this.#marks.get(workerId);
    // A number is given again when the rows with the highest are pruned.
    if (mark !== undefined && mark.from <= number && mark.rollbacks === rollbacks) return;
    this.#sql.mark.run({ number, workerId });
    this.#marks.set(workerId, { from: number, rollbacks });
    this.onFirst(workerId);
  }

  /** Those of this worker that are still executing are listed with the others. */
  list(workerId: string): void {
    this.#sql.list.run(workerId, workerId);
    this.#sql.unmark.run(workerId);
    this.#marks.delete(workerId);
  }
}

/** Sees to it that newborn runs do not stay unlisted: nothing but the number of rows that is read for them depends on it. */
export class NewbornListing {
  readonly #newborns: Newborns;
  readonly #write: (run: () => void) => Promise<void>;
  /** By worker. */
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(newborns: Newborns, write: (run: () => void) => Promise<void>) {
    this.#newborns = newborns;
    this.#write = write;
    newborns.onFirst = (workerId) => this.#listLater(workerId);
  }

  stop(): void {
    this.#newborns.onFirst = () => undefined;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #listLater(workerId: string): void {
    if (this.#timers.has(workerId)) return;
    this.#timers.set(workerId, setTimeout(() => this.#list(workerId), LIST_AFTER_MS).unref());
  }

  #list(workerId: string): void {
    this.#timers.delete(workerId);
    // While the store cannot be written, they are found where they are.
    this.#write(() => this.#newborns.list(workerId)).catch(() => this.#listLater(workerId));
  }
}
