import type { StoreChange } from "@beckon/engine";
import { expect, test } from "vitest";
import { newRun, toRequest } from "./testing/new-run.ts";
import { createTemporaryDatabase } from "./testing/temporary-database.ts";

test("a commit of another process is noticed, and one of our own is told with its runs", async () => {
  await using database = await createTemporaryDatabase();
  const [ours, theirs] = [await database.open(), await database.open()];
  const changes: StoreChange[] = [];
  const { promise: noticed, resolve } = Promise.withResolvers<StoreChange>();
  ours.subscribe((change) => {
    changes.push(change);
    if (change.runs === null) resolve(change);
  });
  const run = newRun();
  await ours.createRuns(toRequest(run));
  expect(changes).toEqual([{ runs: [{ runId: run.id, status: "QUEUED" }], hasReady: true, hasDeliveries: false }]);
  await theirs.createRuns(toRequest(newRun()));
  expect(await noticed).toEqual({ runs: null, hasReady: true, hasDeliveries: true });
});
