import { importContacts } from "@acme/jobs";
import { createMemoryStore, startTestEngine, testJob } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { watchStore } from "../behaviour/watched-store.ts";

test("the file's good rows are imported, and every bad one is reported with its line and reasons", async () => {
  const result = await testJob(importContacts, {});
  if (!result.ok) throw new Error(result.error.message);
  expect(result.output.imported).toBe(188);
  expect(result.output.rejected).toHaveLength(12);
  expect(result.output.rejected).toContainEqual({ line: 31, reasons: ["name is missing"] });
  expect(result.output.rejected).toContainEqual({ line: 95, reasons: ["email is that of an earlier line"] });
  expect(result.output.rejected).toContainEqual({
    line: 130,
    reasons: ["country is not a code of two capital letters", "signedUpOn is not a day such as 2025-03-31"],
  });
});

test("it waits between batches, and its progress is seen while it waits", async () => {
  await using world = await startTestEngine([importContacts]);
  const run = await importContacts.invoke({ batchSize: 100, pauseInSeconds: 60 });
  for await (const event of run.events()) {
    if (event.type === "status" && event.status === "WAITING") break;
  }
  const { status, statuses } = await world.engine.readRun(run.id);
  expect(status).toBe("WAITING");
  expect(statuses).toMatchObject([{ label: "Importing", state: "loading", data: { imported: 100, total: 188 } }]);
  await world.clock.advance(60_000);
  const result = await run.result();
  expect(result.statuses).toMatchObject([{ label: "Imported", state: "success", data: { imported: 188 } }]);
});

test("B32 the file is read once, and each batch imported once, however often the run replays", async () => {
  const done: string[] = [];
  const store = watchStore(createMemoryStore(), (verb, [request]) => {
    if (verb === "writeValue") done.push((request as { readonly key: string }).key);
  });
  const readOneTo200 = (): unknown => {
    done.push("read the file");
    return { contacts: Array.from({ length: 200 }, (_, index) => ({ name: `contact ${index + 1}` })), rejected: [] };
  };
  await using world = await startTestEngine([importContacts], {
    store,
    replaceTask: ({ taskId }) => (taskId === "read the file" ? readOneTo200 : undefined),
  });
  const run = await importContacts.invoke({ batchSize: 50, pauseInSeconds: 60 });
  await world.clock.advance(3 * 60_000);
  // One for each pause, and the first.
  expect(await run.result()).toMatchObject({ ok: true, output: { imported: 200 }, executionCount: 4 });
  const batches = [0, 50, 100, 150].map((start) => `contacts from ${start}`);
  expect(done).toEqual(["read the file", ...batches]);
});

test("a file without rows imports nothing", async () => {
  const tasks = { "read the file": { contacts: [], rejected: [] } };
  const result = await testJob(importContacts, {}, { tasks });
  expect(result).toMatchObject({ ok: true, output: { imported: 0, rejected: [] }, executionCount: 1 });
});
