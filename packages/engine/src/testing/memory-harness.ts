import type { OpenedStore } from "../conformance/store-harness.ts";
import { createMemoryStore } from "./memory-store.ts";

/** One set of data in one process: a peer is the store itself, and a restart ends its workers. */
export async function openMemory(): Promise<OpenedStore> {
  const store = createMemoryStore();
  return {
    store,
    openPeer: async () => store,
    reopen: async () => {
      store.abandonWorkers();
      return store;
    },
    abandonWorker: async (_, workerId) => store.abandonWorker(workerId),
    [Symbol.asyncDispose]: () => store.close(),
  };
}
