import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { isBusy } from "./database-errors.ts";

/*
 * A worker is alive while its process holds a lock that the kernel releases at its death: an exclusive
 * transaction on a small SQLite file of its own, `<database>.workers/<worker id>.lock`. So no clock is asked: a
 * blocked event loop or a suspended machine is not taken for dead.
 *
 * The lock is taken before the worker's row is written and let go after that is deleted, so a row whose lock can
 * be taken belongs to a dead process. (The locks are POSIX locks: nothing else may open and close these files.)
 */
export interface Liveness {
  /** Takes the lock of a worker of this process, unless it has it. */
  hold(workerId: string): void;
  /** Lets go of it and removes the file: the worker closed in good order. */
  release(workerId: string): void;
  /** Lets go of it as the death of the process would. */
  abandon(workerId: string): void;
  /**
   * Null while the worker lives. Otherwise its lock is held until `done`, so that of several processes that
   * look, one takes over.
   */
  probe(workerId: string): { readonly done: () => void } | null;
  /** At the end of the store: workers that were not closed are gone with it. */
  abandonAll(): void;
}

/** Locks beside a database file. */
export class LockFiles implements Liveness {
  readonly #folder: string;
  readonly #own = new Map<string, Database.Database>();

  constructor(databasePath: string) {
    this.#folder = `${databasePath}.workers`;
  }

  hold(workerId: string): void {
    if (this.#own.has(workerId)) return;
    mkdirSync(this.#folder, { recursive: true });
    const lock = tryLock(this.#fileOf(workerId));
    if (lock === null)
      throw new Error(`Worker ${workerId} is open in another process: give each worker an id of its own.`);
    this.#own.set(workerId, lock);
  }

  release(workerId: string): void {
    const lock = this.#own.get(workerId);
    if (lock === undefined) return;
    this.#own.delete(workerId);
    lock.close();
    rmSync(this.#fileOf(workerId), { force: true });
  }

  abandon(workerId: string): void {
    this.#own.get(workerId)?.close();
    this.#own.delete(workerId);
  }

  probe(workerId: string): { readonly done: () => void } | null {
    if (this.#own.has(workerId)) return null;
    mkdirSync(this.#folder, { recursive: true });
    const file = this.#fileOf(workerId);
    const lock = tryLock(file);
    if (lock === null) return null;
    const done = (): void => {
      lock.close();
      rmSync(file, { force: true });
    };
    return { done };
  }

  abandonAll(): void {
    for (const lock of this.#own.values()) lock.close();
    this.#own.clear();
  }

  #fileOf(workerId: string): string {
    return join(this.#folder, `${encodeURIComponent(workerId)}.lock`);
  }
}

/** In memory there is one process: its workers live until they are closed. */
export class SameProcess implements Liveness {
  readonly #alive = new Set<string>();

  hold(workerId: string): void {
    this.#alive.add(workerId);
  }

  release(workerId: string): void {
    this.#alive.delete(workerId);
  }

  abandon(workerId: string): void {
    this.#alive.delete(workerId);
  }

  probe(workerId: string): { readonly done: () => void } | null {
    return this.#alive.has(workerId) ? null : { done: () => undefined };
  }

  abandonAll(): void {
    this.#alive.clear();
  }
}

/** The lock, or null while another connection has it. */
function tryLock(file: string): Database.Database | null {
  const lock = new Database(file, { timeout: 0 });
  try {
    // Nothing is ever written, so no journal needs a file.
    lock.pragma("journal_mode = MEMORY");
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock.close();
    if (isBusy(error)) return null;
    throw error;
  }
}
