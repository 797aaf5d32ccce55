import type Database from "better-sqlite3";
import { DatabaseOpenError, DatabaseTooNewError } from "./database-errors.ts";
import { FEWER_ENTRIES } from "./fewer-entries.ts";
import { LIMITS_OF_JOBS } from "./job-limits.ts";
import { LIGHTER_INDEXES } from "./lighter-indexes.ts";
import { LIMITS_OF_WORKERS } from "./limits-of-workers.ts";
import { LINE_FOR_EACH_JOB } from "./line-for-each-job.ts";
import { LINE_OF_SUSPECTS } from "./line-of-suspects.ts";
import { LINES_OF_RECEIVERS } from "./lines-of-receivers.ts";
import { REQUESTS_IN_PLACE } from "./requests.ts";
import { FIRST_SCHEMA } from "./schema.ts";
import { SIZES_OF_WORKERS } from "./sizes-of-workers.ts";
import { TOLD_BY_STEPS } from "./told-by-steps.ts";
import { UNLISTED_NEWBORNS } from "./unlisted-newborns.ts";

/** Marks the file as Beckon's: "Bkon". */
const APPLICATION_ID = 0x426b6f6e;

/** Each brings the database from the version of its index to the next. Only ever appended to. */
export const MIGRATIONS: readonly string[] = [
  FIRST_SCHEMA,
  LIGHTER_INDEXES,
  FEWER_ENTRIES,
  TOLD_BY_STEPS,
  UNLISTED_NEWBORNS,
  LIMITS_OF_JOBS,
  REQUESTS_IN_PLACE,
  LINE_FOR_EACH_JOB,
  LIMITS_OF_WORKERS,
  SIZES_OF_WORKERS,
  LINES_OF_RECEIVERS,
  LINE_OF_SUSPECTS,
];

/**
 * Brings the database to the newest version, in one transaction: of two processes that come at once, the second
 * finds it done. Throws busy while another process writes; the caller tries again.
 * @throws DatabaseTooNewError @throws DatabaseOpenError
 */
export function migrate(db: Database.Database, path: string, migrations: readonly string[] = MIGRATIONS): void {
  if (readVersion(db) === migrations.length && isOurs(db)) return;
  db.exec("BEGIN IMMEDIATE");
  try {
    checkOwner(db, path);
    const version = readVersion(db);
    if (version > migrations.length) throw new DatabaseTooNewError(path, version, migrations.length);
    for (const migration of migrations.slice(version)) db.exec(migration);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${migrations.length}`);
    db.exec("COMMIT");
  } catch (error) {
    if (db.inTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function readVersion(db: Database.Database): number {
  return Number(db.pragma("user_version", { simple: true }));
}

function isOurs(db: Database.Database): boolean {
  return db.pragma("application_id", { simple: true }) === APPLICATION_ID;
}

/** A database of another program is left alone. @throws DatabaseOpenError */
export function checkOwner(db: Database.Database, path: string): void {
  const tables = db.prepare<unknown[], { readonly count: number }>("SELECT count(*) AS count FROM sqlite_schema").get();
  if (tables?.count === 0 || isOurs(db)) return;
  throw new DatabaseOpenError(path, "it belongs to another program: name a file of its own for Beckon");
}
