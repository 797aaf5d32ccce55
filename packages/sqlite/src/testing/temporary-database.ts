import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "@beckon/engine";
import { openSqliteStore, type SqliteStoreOptions } from "../open-sqlite-store.ts";

/** A database file for one test: disposing closes its stores and removes it. */
export interface TemporaryDatabase extends AsyncDisposable {
  readonly folder: string;
  readonly path: string;
  /** Each store as a process of its own would open it. */
  open(options?: Omit<SqliteStoreOptions, "path">): Promise<Store>;
  closeStores(): Promise<void>;
}

export async function createTemporaryDatabase(): Promise<TemporaryDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-sqlite-"));
  const path = join(folder, "beckon.db");
  const stores: Store[] = [];
  const closeStores = async (): Promise<void> => {
    for (const store of stores.splice(0)) await store.close();
  };
  return {
    folder,
    path,
    open: async (options) => {
      const store = await openSqliteStore({ path, durability: "normal", ...options });
      stores.push(store);
      return store;
    },
    closeStores,
    [Symbol.asyncDispose]: async () => {
      await closeStores();
      await rm(folder, { recursive: true });
    },
  };
}
