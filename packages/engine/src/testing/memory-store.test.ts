import { expect, test } from "vitest";
import { createMemoryStore } from "./memory-store.ts";

test("the in-memory store has no file to copy and says so", async () => {
  await expect(createMemoryStore().backup("copy.db")).rejects.toThrow("no file to copy");
});
