import type { Store } from "@beckon/engine";
import type Database from "better-sqlite3";
import { SqliteStore } from "../sqlite-store.ts";

/** As if the process of this worker had been killed, and with it nothing but the worker. */
export function abandonWorker(store: Store, workerId: string): void {
  toSqliteStore(store).abandonWorker(workerId);
}

/** As if the process of this store had been killed, with all its workers. */
export function abandonWorkers(store: Store): void {
  toSqliteStore(store).abandonWorkers();
}

/** The SQL that each run passes through: none of it may read more as the database grows. */
export function listHotSql(store: Store): readonly string[] {
  return [...toSqliteStore(store).session.hotSql];
}

/** How many of its transactions were taken back. */
export function countRollbacks(store: Store): number {
  return toSqliteStore(store).session.rollbacks;
}

/** The connection, to set what a disk would: a limit of its size, a lock. */
export function connectionOf(store: Store): Database.Database {
  return toSqliteStore(store).session.db;
}

function toSqliteStore(store: Store): SqliteStore {
  if (store instanceof SqliteStore) return store;
  throw new TypeError(`${store.description} is not a store on SQLite.`);
}
