import { realpathSync } from "node:fs";
import type { Store } from "@beckon/engine";
import { type Durability, openConnection } from "./connection.ts";
import { LockFiles, SameProcess } from "./liveness.ts";
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
  const db = await openConnection(path, durability);
  // By its real path: processes that came by different names must look at the same locks.
  return new SqliteStore(db, db.memory ? new SameProcess() : new LockFiles(realpathSync(path)));
}
