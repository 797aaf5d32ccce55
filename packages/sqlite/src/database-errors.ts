import { StoreUnavailableError } from "@beckon/engine";
import Database from "better-sqlite3";

/** The database cannot be opened: no name, no such folder, no right to write, not a database of Beckon. */
export class DatabaseOpenError extends Error {
  readonly code = "DATABASE_OPEN";
  readonly path: string;

  constructor(path: string, reason: string, options?: ErrorOptions) {
    // A name that does not show is quoted.
    const name = path === "" || path !== path.trim() ? JSON.stringify(path) : path;
    super(`The database ${name} cannot be opened: ${reason}.`, options);
    this.name = "DatabaseOpenError";
    this.path = path;
  }
}

/** The database was written by a newer Beckon, whose rows this one could not read rightly. */
export class DatabaseTooNewError extends Error {
  readonly code = "DATABASE_TOO_NEW";
  readonly path: string;

  constructor(path: string, found: number, known: number) {
    super(
      `The database ${path} has schema version ${found}, and this Beckon knows versions up to ${known}: ` +
        "run the newer Beckon that wrote it, or point to another file.",
    );
    this.name = "DatabaseTooNewError";
    this.path = path;
  }
}

/** Another connection holds a lock; trying again soon will do. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_(BUSY|PROTOCOL)/.test(error.code);
}

/** What callers are told: a full or failing disk may recover, anything else is passed on as it is. */
export function toStoreError(error: unknown, consequence: string): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  const remedy = remedyFor(error.code);
  if (remedy === null) return error;
  return new StoreUnavailableError(`${consequence}: ${error.message}. ${remedy}`, { cause: error });
}

function remedyFor(code: string): string | null {
  if (code === "SQLITE_FULL") return "Free some disk space; work goes on by itself then.";
  if (code.startsWith("SQLITE_IOERR")) return "Check the disk; work goes on by itself when it answers again.";
  if (code.startsWith("SQLITE_READONLY")) return "Make the file and its folder writable for this process.";
  if (code.startsWith("SQLITE_CANTOPEN")) return "Check that the file's folder is there and writable.";
  return null;
}
