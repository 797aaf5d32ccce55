import { expect, test } from "vitest";
import { describeStore, type OpenedStore } from "../conformance/index.ts";
import { createMemoryStore } from "./memory-store.ts";

/** One set of data in one process: a peer is the store itself, and a restart ends its workers. */
async function open(): Promise<OpenedStore> {
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

describeStore("the in-memory store", { open });

test("the in-memory store has no file to copy and says so", async () => {
  await expect(createMemoryStore().backup("copy.db")).rejects.toThrow("no file to copy");
});
