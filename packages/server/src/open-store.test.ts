import { connectionOf, createTemporaryDatabase } from "@beckon/sqlite/testing";
import { expect, test } from "vitest";
import { openStore } from "./open-store.ts";
import { readServerOptions } from "./server-options.ts";

test("B10 the commits of a server wait for the disk, unless it was told otherwise", async () => {
  await using database = await createTemporaryDatabase();
  const readLevel = async (durability?: "full" | "normal"): Promise<unknown> => {
    const { store, close } = await openStore(readServerOptions({ jobs: {}, database: database.path, durability }));
    const level = connectionOf(store).pragma("synchronous", { simple: true });
    await close();
    return level;
  };
  expect(await readLevel()).toBe(2);
  expect(await readLevel("full")).toBe(2);
  expect(await readLevel("normal")).toBe(1);
});
