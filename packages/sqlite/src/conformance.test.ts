import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStore, type OpenedStore } from "@beckon/engine/conformance";
import { openSqliteStore } from "./open-sqlite-store.ts";
import { SqliteStore } from "./sqlite-store.ts";

/** A database in memory is one process: a peer is the store itself, and a restart ends its workers. */
async function openInMemory(): Promise<OpenedStore> {
  const store = await openSqliteStore({ path: ":memory:" });
  return {
    store,
    openPeer: async () => store,
    reopen: async () => {
      store.abandonWorkers();
      return store;
    },
    abandonWorker,
    [Symbol.asyncDispose]: () => store.close(),
  };
}

async function openFile(): Promise<OpenedStore> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-sqlite-"));
  const opened: SqliteStore[] = [];
  const open = async (): Promise<SqliteStore> => {
    const store = await openSqliteStore({ path: join(folder, "beckon.db"), durability: "normal" });
    opened.push(store);
    return store;
  };
  const closeAll = async (): Promise<void> => {
    for (const store of opened.splice(0)) await store.close();
  };
  return {
    store: await open(),
    openPeer: open,
    reopen: async () => {
      await closeAll();
      return open();
    },
    abandonWorker,
    [Symbol.asyncDispose]: async () => {
      await closeAll();
      await rm(folder, { recursive: true });
    },
  };
}

async function abandonWorker(store: unknown, workerId: string): Promise<void> {
  if (store instanceof SqliteStore) store.abandonWorker(workerId);
}

describeStore("the SQLite store in memory", { open: openInMemory });
describeStore("the SQLite store in a file", { open: openFile });
