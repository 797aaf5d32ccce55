export { checkIntegrity } from "./check-integrity.ts";
export type { Durability } from "./connection.ts";
export { DatabaseOpenError, DatabaseTooNewError } from "./database-errors.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./open-sqlite-store.ts";
