import { StoreClosedError, StoreUnavailableError } from "@beckon/engine";
import type Database from "better-sqlite3";
import { isBusy, toStoreError } from "./database-errors.ts";
import { HeldLock } from "./held-lock.ts";
import type { OpenFile } from "./open-file.ts";

/*
 * Writes that arrive in the same turn of the event loop share one transaction, and so one fsync:
 *
 *   write() ──► queue ──► setImmediate ──► BEGIN IMMEDIATE, every write, COMMIT ──► promises resolve
 *                           ▲        │
 *                           └────────┘ once more, while many have come and the last turn brought some of them
 *
 * A transaction begins and ends within one turn, so no write lock is held across turns and readers on the
 * same connection never see half of one.
 *
 * Of thirty requests that come over as many connections a turn reads a few, so that many writes wait for those of the
 * next turns. And plain requests for the same that follow each other are done by one call: their rows share statements.
 */

/** What is asked for most. */
export interface WriteVerb<Request, Outcome> {
  /** Whether it is done by a short statement or two, and can be done together with others. */
  isPlain(request: Request): boolean;
  /**
   * Does several plain requests or a single other one, as if one after the other; gives an outcome for each.
   * @throws NotTogetherError where several cannot be done by one call after all: each is done by a call of its own then
   */
  doAll(requests: readonly Request[]): readonly Outcome[];
}

/** Of requests that looked plain one is not: somebody else has touched its run. The transaction is taken back, and begun again. */
export class NotTogetherError extends Error {
  override readonly name = "NotTogetherError";
}

interface PendingWrite {
  readonly verb: WriteVerb<unknown, unknown>;
  readonly request: unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * After this long a transaction commits and leaves the rest to the next turn, so that the event loop is not held. The time is
 * looked at after each write, or after as many plain ones as go together.
 */
const MAX_TURN_MS = 12;
const MOST_TOGETHER = 256;
/** So many writes wait for those of the next turn: for fewer the turn costs more than the commit that it saves. */
const MANY = 12;
/** How often they do at the most, since a turn may be long. */
const MOST_TURNS = 3;
const FIRST_BACKOFF_MS = 2;
const MAX_BACKOFF_MS = 10;

const NONE: ReadonlySet<never> = new Set();

const LOCK_KEPT =
  "another connection has kept its lock for ten seconds and more. Where a program has left a transaction open, end that; work goes on by itself then.";
const FILE_REMOVED =
  "its file was moved, removed or replaced while it was open. Put this very one back, and work goes on by itself; or start the server again.";

/** Whatever is asked for seldom. */
const ALONE: WriteVerb<() => unknown, unknown> = { isPlain: () => false, doAll: (runs) => runs.map((run) => run()) };

export class GroupCommit {
  readonly #db: Database.Database;
  readonly #begin: Database.Statement;
  readonly #commit: Database.Statement;
  readonly #rollback: Database.Statement;
  readonly #description: string;
  readonly #file: OpenFile | null;
  readonly #beforeCommit: () => void;
  readonly #onCommit: () => void;
  readonly #onRollback: () => void;
  #queue: PendingWrite[] = [];
  #isScheduled = false;
  /** How many turns the queue has waited for others, and how long it was at the last. */
  #turns = 0;
  #lengthBefore = 0;
  #failedBegins = 0;
  readonly #lock: HeldLock;

  constructor(options: {
    readonly db: Database.Database;
    readonly description: string;
    /** null: it is in memory. */
    readonly file: OpenFile | null;
    /** Writes what the writes of a transaction have left for its end. */
    readonly beforeCommit: () => void;
    readonly onCommit: () => void;
    readonly onRollback: () => void;
  }) {
    this.#db = options.db;
    this.#begin = options.db.prepare("BEGIN IMMEDIATE");
    this.#commit = options.db.prepare("COMMIT");
    this.#rollback = options.db.prepare("ROLLBACK");
    this.#lock = new HeldLock(options.db);
    this.#description = options.description;
    this.#file = options.file;
    this.#beforeCommit = options.beforeCommit;
    this.#onCommit = options.onCommit;
    this.#onRollback = options.onRollback;
  }

  /** Runs `run` in a transaction, with the others of this turn; resolves with its value once that is committed. */
  write<Value>(run: () => Value): Promise<Value> {
    return this.do(ALONE as WriteVerb<() => Value, Value>, run);
  }

  /** The same for a verb, together with those of its requests that stand beside this one in the queue. */
  do<Request, Outcome>(verb: WriteVerb<Request, Outcome>, request: Request): Promise<Outcome> {
    return new Promise<Outcome>((resolve, reject) => {
      // The queue holds writes of any kind: a verb is given its own requests, and each is resolved with what that gave for it.
      this.#queue.push({ verb, request, resolve: resolve as PendingWrite["resolve"], reject });
      this.#schedule();
    });
  }

  /** Resolves when nothing is left to be written. Of a write that fails whoever asked for it is told, and nobody else. */
  async drain(): Promise<void> {
    while (this.#queue.length > 0) await this.write(() => undefined).catch(() => undefined);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#gather());
  }

  #gather(): void {
    const { length } = this.#queue;
    if (length >= MANY && length > this.#lengthBefore && this.#turns < MOST_TURNS) {
      this.#turns += 1;
      this.#lengthBefore = length;
      setImmediate(() => this.#gather());
      return;
    }
    this.#turns = 0;
    this.#lengthBefore = 0;
    this.#flush();
  }

  #flush(): void {
    this.#isScheduled = false;
    const batch = this.#queue;
    this.#queue = [];
    if (this.#file?.isGone()) return this.#refuse(batch, FILE_REMOVED);
    const done = this.#runTogether(batch);
    if (done < batch.length) this.#queue = [...batch.slice(done), ...this.#queue];
    if (this.#queue.length === 0) return;
    if (this.#failedBegins === 0) this.#schedule();
    else if (this.#lock.isKept()) this.#refuse(this.#queue.splice(0), LOCK_KEPT);
    else this.#backOff();
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
      if (outcome.kind === "failed") pending.reject(this.#toError(outcome.error));
      else {
        pending.resolve(outcome.values[0]);
        this.#onCommit();
      }
      if (performance.now() - startedAt > MAX_TURN_MS) return index + 1;
    }
    return batch.length;
  }

  #toError(error: unknown): unknown {
    if (!this.#db.open)
      return new StoreClosedError(`Nothing was written to ${this.#description}: it is closed.`, { cause: error });
    return toStoreError(error, `Nothing was written to ${this.#description}`);
  }

  /** `apart`: verbs whose requests are each done by a call of its own. */
  #transact(
    batch: readonly PendingWrite[],
    apart: ReadonlySet<WriteVerb<unknown, unknown>> = NONE,
  ):
    | { readonly kind: "committed"; readonly values: readonly unknown[] }
    | { readonly kind: "failed"; readonly error: unknown; readonly begun: number }
    | { readonly kind: "busy" } {
    const values: unknown[] = [];
    let begun = 1;
    let together: readonly PendingWrite[] = [];
    try {
      this.#begin.run();
      if (this.#failedBegins > 0) this.#lock.forget();
      this.#failedBegins = 0;
      const startedAt = performance.now();
      do {
        together = takeTogether(batch, values.length, apart);
        begun = values.length + together.length;
        values.push(...doTogether(together));
      } while (values.length < batch.length && performance.now() - startedAt <= MAX_TURN_MS);
      this.#beforeCommit();
      this.#commit.run();
    } catch (error) {
      if (this.#db.inTransaction) this.#rollback.run();
      this.#onRollback();
      const [first] = together;
      if (error instanceof NotTogetherError && first !== undefined && !apart.has(first.verb))
        return this.#transact(batch, new Set([...apart, first.verb]));
      if (isBusy(error)) {
        this.#failedBegins += 1;
        return { kind: "busy" };
      }
      return { kind: "failed", error, begun };
    }
    return { kind: "committed", values };
  }

  /** Nothing of these was begun: whoever asks again may have better luck. */
  #refuse(pending: readonly PendingWrite[], why: string): void {
    for (const { reject } of pending)
      reject(new StoreUnavailableError(`Nothing was written to ${this.#description}: ${why}`));
  }

  /** Another process writes: tries again soon, at a moment of its own, without holding the event loop. */
  #backOff(): void {
    this.#isScheduled = true;
    const longestMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#failedBegins);
    setTimeout(() => this.#flush(), Math.random() * longestMs);
  }
}

/** The next one, with the plain ones of its verb that follow it when it is plain, too. */
function takeTogether(
  batch: readonly PendingWrite[],
  from: number,
  apart: ReadonlySet<PendingWrite["verb"]>,
): readonly PendingWrite[] {
  const verb = batch[from]?.verb;
  let to = from;
  while (to - from < MOST_TOGETHER) {
    const next = batch[to];
    if (next === undefined || next.verb !== verb || apart.has(verb) || !verb.isPlain(next.request)) break;
    to += 1;
  }
  return batch.slice(from, Math.max(to, from + 1));
}

function doTogether(together: readonly PendingWrite[]): readonly unknown[] {
  return together[0]?.verb.doAll(together.map(({ request }) => request)) ?? [];
}
