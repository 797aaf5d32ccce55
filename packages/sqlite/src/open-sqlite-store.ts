import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Store } from "@beckon/engine";
import { type Durability, openConnection } from "./connection.ts";
import { LockFiles, SameProcess } from "./liveness.ts";
import { OpenFile } from "./open-file.ts";
import { SqliteStore } from "./sqlite-store.ts";

export interface SqliteStoreOptions {
  /** The database file, made with its folder when it is not there; or `":memory:"`. */
  readonly path: string;
  /**
   * `"full"` (default): what was acknowledged survives a power cut. `"normal"`: it survives the death of the
   * process, and a power cut may take back the last moments, whole transactions at a time.
   */
  readonly durability?: Durability | undefined;
}

/** Opens a store. @throws DatabaseOpenError @throws DatabaseTooNewError */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, durability = "full" } = options;
  // Before anything is awaited: the process may go to another folder at any time.
  const fullPath = resolve(path);
  const db = await openConnection(path, durability);
  // By its real path: processes that came by different names must look at the same locks.
  const file = db.memory ? null : realpathSync(fullPath);
  if (file === null) return new SqliteStore(db, { file, liveness: new SameProcess() });
  return new SqliteStore(db, { file: new OpenFile(file), liveness: new LockFiles(file) });
}
