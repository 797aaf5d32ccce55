import type Database from "better-sqlite3";
import { isBusy, toStoreError } from "./database-errors.ts";

/*
 * Writes that arrive in the same turn of the event loop share one transaction, and so one fsync:
 *
 *   write() ──► queue ──► setImmediate ──► BEGIN IMMEDIATE, every write, COMMIT ──► promises resolve
 *
 * A transaction begins and ends within one turn, so no write lock is held across turns and readers on the
 * same connection never see half of one.
 */

interface PendingWrite {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** After this long a transaction commits and leaves the rest to the next turn, so that the event loop is not held. */
const MAX_TURN_MS = 12;
const FIRST_BACKOFF_MS = 2;
const MAX_BACKOFF_MS = 10;

export class GroupCommit {
  readonly #db: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #description: string;
  readonly #beforeCommit: () => void;
  readonly #onCommit: () => void;
  readonly #onRollback: () => void;
  #queue: PendingWrite[] = [];
  #isScheduled = false;
  #failedBegins = 0;

  constructor(options: {
    readonly db: Database.Database;
    readonly description: string;
    /** Writes what the writes of a transaction have left for its end. */
    readonly beforeCommit: () => void;
    readonly onCommit: () => void;
    readonly onRollback: () => void;
  }) {
    this.#db = options.db;
    this.#begin = options.db.prepare("BEGIN IMMEDIATE");
    this.#commit = options.db.prepare("COMMIT");
    this.#rollback = options.db.prepare("ROLLBACK");
    this.#description = options.description;
    this.#beforeCommit = options.beforeCommit;
    this.#onCommit = options.onCommit;
    this.#onRollback = options.onRollback;
  }

  /** Runs `run` in a transaction, with the others of this turn; resolves with its value once that is committed. */
  write<Value>(run: () => Value): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      // The queue holds writes of any value: each is resolved with what its own `run` gave.
      this.#queue.push({ run, resolve: resolve as (value: unknown) => void, reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing is left to be written. */
  async drain(): Promise<void> {
    while (this.#queue.length > 0) await this.write(() => undefined);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    const batch = this.#queue;
    this.#queue = [];
    const done = this.#runTogether(batch);
    if (done < batch.length) this.#queue = [...batch.slice(done), ...this.#queue];
    if (this.#queue.length === 0) return;
    if (this.#failedBegins > 0) this.#backOff();
    else this.#schedule();
  }

  /** Commits a first part of the batch in one transaction; gives how many writes were answered. */
  #runTogether(batch: readonly PendingWrite[]): number {
    const outcome = this.#transact(batch);
    if (outcome.kind === "busy") return 0;
    if (outcome.kind === "failed") return this.#runEachAlone(batch.slice(0, outcome.begun));
    outcome.values.forEach((value, index) => batch[index]?.resolve(value));
    this.#onCommit();
    return outcome.values.length;
  }

  /** One write failed and took the others' transaction with it: alone, only the guilty one is refused. */
  #runEachAlone(batch: readonly PendingWrite[]): number {
    const startedAt = performance.now();
    for (const [index, pending] of batch.entries()) {
      const outcome = this.#transact([pending]);
      if (outcome.kind === "busy") return index;
      if (outcome.kind === "failed")
        pending.reject(toStoreError(outcome.error, `Nothing was written to ${this.#description}`));
      else {
        pending.resolve(outcome.values[0]);
        this.#onCommit();
      }
      if (performance.now() - startedAt > MAX_TURN_MS) return index + 1;
    }
    return batch.length;
  }

  #transact(
    batch: readonly PendingWrite[],
  ):
    | { readonly kind: "committed"; readonly values: readonly unknown[] }
    | { readonly kind: "failed"; readonly error: unknown; readonly begun: number }
    | { readonly kind: "busy" } {
    const values: unknown[] = [];
    try {
      this.#begin.run();
      this.#failedBegins = 0;
      const startedAt = performance.now();
      for (const pending of batch) {
        values.push(pending.run());
        if (performance.now() - startedAt > MAX_TURN_MS) break;
      }
      this.#beforeCommit();
      this.#commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#onRollback();
      if (isBusy(error)) {
        this.#failedBegins += 1;
        return { kind: "busy" };
      }
      return { kind: "failed", error, begun: Math.min(batch.length, values.length + 1) };
    }
    return { kind: "committed", values };
  }

  /** Another process writes: tries again soon, at a moment of its own, without holding the event loop. */
  #backOff(): void {
    this.#isScheduled = true;
    const longestMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failedBegins);
    setTimeout(() => this.#flush(), Math.random() * longestMs);
  }
}
