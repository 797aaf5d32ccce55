import type { OpenedStore } from "@beckon/engine/conformance";
import { openSqliteStore } from "../open-sqlite-store.ts";
import { abandonWorker, abandonWorkers } from "./store-doors.ts";
import { createTemporaryDatabase } from "./temporary-database.ts";

const abandon: OpenedStore["abandonWorker"] = async (store, workerId) => abandonWorker(store, workerId);

/** A database in memory belongs to one process: a peer is the store itself, and a restart ends its workers. */
export async function openInMemory(): Promise<OpenedStore> {
  const store = await openSqliteStore({ path: ":memory:" });
  return {
    store,
    openPeer: async () => store,
    reopen: async () => {
      abandonWorkers(store);
      return store;
    },
    abandonWorker: abandon,
    [Symbol.asyncDispose]: () => store.close(),
  };
}

export async function openFile(): Promise<OpenedStore> {
  const database = await createTemporaryDatabase();
  return {
    store: await database.open(),
    openPeer: () => database.open(),
    reopen: async () => {
      await database.closeStores();
      return database.open();
    },
    abandonWorker: abandon,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
