import { copyFile, rename } from "node:fs/promises";
import { StoreUnavailableError } from "@beckon/engine";
import { expect, test } from "vitest";
import { newRun, toRequest } from "./testing/new-run.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

test("nothing is acknowledged once the file was removed, and work goes on where it is put back", async () => {
  await using database = await createTemporaryDatabase();
  const store = await database.open();
  const create = () =>
    store.createRuns(toRequest(newRun())).then(
      ({ kind }) => kind,
      (error: unknown) => error,
    );
  expect(await create()).toBe("created");
  await rename(database.path, `${database.path}.away`);
  await expect.poll(create).toBeInstanceOf(StoreUnavailableError);
  expect(await create()).toMatchObject({ message: expect.stringContaining("its file was moved, removed or replaced") });
  await rename(`${database.path}.away`, database.path);
  await expect.poll(create).toBe("created");
  await copyFile(database.path, `${database.path}.copy`);
  await rename(`${database.path}.copy`, database.path);
  await expect.poll(create).toBeInstanceOf(StoreUnavailableError);
});
