import { expect, test } from "vitest";
import { describeStore } from "../conformance/index.ts";
import { openMemory } from "./memory-harness.ts";
import { createMemoryStore } from "./memory-store.ts";

describeStore("the in-memory store", { open: openMemory });

test("the in-memory store has no file to copy and says so", async () => {
  await expect(createMemoryStore().backup("copy.db")).rejects.toThrow("no file to copy");
});
