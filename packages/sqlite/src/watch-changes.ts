import type { StoreChange } from "@beckon/engine";
import type Database from "better-sqlite3";

/** How often the file is asked whether another process has written. */
const POLL_MS = 100;

/** Tells subscribers of the commits of this store, and of those of other processes. */
export class ChangeWatch {
  readonly #listeners = new Set<(change: StoreChange) => void>();
  readonly #dataVersion: Database.Statement | null;
  #seen: unknown;
  #timer: NodeJS.Timeout | null = null;

  /** A database in memory has no other writers. */
  constructor(db: Database.Database) {
    this.#dataVersion = db.memory ? null : db.prepare("PRAGMA data_version").pluck();
    this.#seen = this.#dataVersion?.get();
  }

  subscribe(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener);
    this.#startPolling();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.stop();
    };
  }

  tell(change: StoreChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #startPolling(): void {
    if (this.#timer !== null || this.#dataVersion === null) return;
    this.#timer = setInterval(() => this.#poll(), POLL_MS);
    this.#timer.unref();
  }

  /** The version changes with every commit of another connection, and with none of our own. */
  #poll(): void {
    const version = this.#readVersion();
    if (version === this.#seen) return;
    this.#seen = version;
    this.tell({ runs: null, hasReady: true, hasDeliveries: true });
  }

  #readVersion(): unknown {
    try {
      return this.#dataVersion?.get();
    } catch {
      // A file that is locked or fails at this moment is asked again at the next poll; writes tell of its trouble.
      return this.#seen;
    }
  }
}
