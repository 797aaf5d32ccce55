import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { checkNode } from "./check-node.ts";
import { DatabaseOpenError } from "./database-errors.ts";
import { HeldLock } from "./held-lock.ts";
import { checkOwner, migrate } from "./migrations.ts";
import { untilFree } from "./until-free.ts";

/** How long SQLite itself may wait for a lock, which holds the event loop; beyond it we wait by timers. */
const BUSY_TIMEOUT_MS = 5;
/**
 * SQLite's own default; the driver's is eight times as much. Whenever the split of a page made pages change places, which steps
 * do in nearly every commit, the commit walks through the whole cache: a tenth of what a hundred runs of steps at once take.
 * What it lacks lies in the operating system's cache.
 */
const CACHE_KIB = 2_000;
/** The write-ahead log is cut back to this after it grew. */
const WAL_LIMIT_BYTES = 64 * 1024 * 1024;

const LOCK_IS_KEPT =
  "another connection has kept its lock for ten seconds and more: end its transaction, such as a BEGIN in a shell, or start " +
  "again once another server has brought the file to its version";

export type Durability = "full" | "normal";

/** Opens the database and brings it to the newest version. @throws DatabaseOpenError @throws DatabaseTooNewError */
export async function openConnection(path: string, durability: Durability): Promise<Database.Database> {
  checkNode(path);
  checkName(path);
  const db = openFile(path);
  try {
    const lock = new HeldLock(db);
    const giveUp = (cause: unknown): void => {
      if (lock.isKept()) throw new DatabaseOpenError(path, LOCK_IS_KEPT, { cause });
    };
    await untilFree(() => {
      // Before anything is written, as the journal's mode is.
      checkOwner(db, path);
      if (path !== ":memory:") db.pragma("journal_mode = WAL");
      db.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`);
      db.pragma("foreign_keys = OFF");
      db.pragma("temp_store = MEMORY");
      db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`);
      migrate(db, path);
      db.pragma(`cache_size = -${CACHE_KIB}`);
    }, giveUp);
    return db;
  } catch (error) {
    db.close();
    throw toOpenError(path, error);
  }
}

/** The driver drops white space around a name, and makes of no name a database that is gone with its process. */
function checkName(path: string): void {
  if (path === "" || path !== path.trim())
    throw new DatabaseOpenError(path, 'name a file without white space around its path, or ":memory:"');
}

function openFile(path: string): Database.Database {
  try {
    if (path !== ":memory:") makeFolder(dirname(path));
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new DatabaseOpenError(path, "it is a folder: name a file in it");
    return new Database(path, { timeout: path === ":memory:" ? 0 : BUSY_TIMEOUT_MS });
  } catch (error) {
    throw toOpenError(path, error);
  }
}

/** Parent by parent: Node's `recursive` never returns where a file system answers ENOENT to the last step, as /proc does. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been first.
    if (!existsSync(folder)) throw error;
  }
}

function toOpenError(path: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "SQLITE_NOTADB") return new DatabaseOpenError(path, "it is not an SQLite database", { cause: error });
  if (code.startsWith("SQLITE_CORRUPT")) {
    return new DatabaseOpenError(path, "it is damaged: restore a backup, or try SQLite's .recover", { cause: error });
  }
  if (/^(SQLITE_CANTOPEN|SQLITE_READONLY|EACCES|EPERM|EROFS|ENOTDIR|ENOENT|EEXIST)/.test(code)) {
    return new DatabaseOpenError(path, "the file or its folder cannot be written by this process", { cause: error });
  }
  return error;
}
