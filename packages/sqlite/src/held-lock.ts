import type Database from "better-sqlite3";

/** A commit of a server takes milliseconds: who keeps the lock for so long has hardly anything to write. */
const KEPT_MS = 10_000;
/** Who has not looked for so long, for want of writes or because its process was held up, begins anew. */
const MOST_BETWEEN_LOOKS_MS = 2_000;

/**
 * Tells a lock that one connection keeps from one that others take and let go, one after the other: with these the state of
 * the file is another one every time.
 */
export class HeldLock {
  readonly #dataVersion: Database.Statement<unknown[], number>;
  #seenVersion: number | undefined;
  #since = Number.POSITIVE_INFINITY;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(db: Database.Database) {
    this.#dataVersion = db.prepare<unknown[], number>("PRAGMA data_version").pluck();
  }

  /** Whether somebody keeps it. To be asked whenever it is not to be had. */
  isKept(): boolean {
    const now = performance.now();
    const version = this.#readVersion();
    if (version !== this.#seenVersion || now - this.#lookedAt > MOST_BETWEEN_LOOKS_MS) this.#since = now;
    this.#seenVersion = version;
    this.#lookedAt = now;
    return now - this.#since >= KEPT_MS;
  }

  /** It was to be had. */
  forget(): void {
    this.#lookedAt = Number.NEGATIVE_INFINITY;
  }

  #readVersion(): number | undefined {
    try {
      return this.#dataVersion.get();
    } catch {
      // Who keeps even readers away has shown no other state. A disk that fails is told by the write itself.
      return this.#seenVersion;
    }
  }
}
