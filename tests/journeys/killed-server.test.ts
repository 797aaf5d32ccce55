import { join } from "node:path";
import type * as jobs from "@acme/jobs";
import { createJobsClient, type JobsClient } from "@beckon/client";
import { expect, test } from "vitest";
import { makeFolder, startServerProcess } from "./server-process.ts";

const CONTACTS = 188;

function connect(url: string): JobsClient<typeof jobs> {
  return createJobsClient<typeof jobs>({ url });
}

test("B10 a run that was acknowledged is finished by the next process when the server is killed right after", async () => {
  await using folder = await makeFolder();
  const database = { BECKON_DATABASE: join(folder.path, "beckon.db") };
  const first = await startServerProcess(database);
  const { id } = await connect(first.url).importContacts.invoke({ batchSize: 40, pauseInSeconds: 0 });
  await first.kill();
  await using second = await startServerProcess(database);
  const result = await connect(second.url).importContacts.run(id).result();
  expect(result).toMatchObject({ ok: true, output: { imported: CONTACTS } });
});

test("B33 B35 a run killed between its steps goes on where it was: no step is repeated, no progress is lost", async () => {
  await using folder = await makeFolder();
  const database = { BECKON_DATABASE: join(folder.path, "beckon.db") };
  const first = await startServerProcess(database);
  const run = await connect(first.url).importContacts.invoke({ batchSize: 60, pauseInSeconds: 0.5 });
  const seen: number[] = [];
  for await (const event of run.events()) {
    seen.push(event.seq);
    if (event.type === "status" && event.status === "WAITING") break;
  }
  await first.kill();
  await using second = await startServerProcess(database);
  const beckon = connect(second.url);
  for await (const event of beckon.importContacts.run(run.id).events({ after: seen.length })) seen.push(event.seq);
  const result = await beckon.importContacts.run(run.id).result();
  const tasks = (await beckon.runs.tasks({ id: run.id })).filter(({ kind }) => kind === "task");
  expect(result).toMatchObject({ ok: true, statuses: [{ data: { imported: CONTACTS }, state: "success" }] });
  expect(tasks.map(({ attempt, status }) => `${status} ${attempt}`)).toEqual(Array(5).fill("SUCCESS 1"));
  expect(seen).toEqual(seen.map((_seq, index) => index + 1));
});

test("B27 B31 a run killed while it waits for others gets each of their results once", async () => {
  await using folder = await makeFolder();
  const database = { BECKON_DATABASE: join(folder.path, "beckon.db") };
  const first = await startServerProcess(database);
  const purchases = Array.from({ length: 20 }, (_, index) => ({ item: `item ${index}`, amountInCents: 100 }));
  const payload = { userId: "1", tier: "pro", card: "tok_visa", purchases } as const;
  const { id } = await connect(first.url).onboardUser.invoke(payload);
  await first.kill();
  await using second = await startServerProcess(database);
  const beckon = connect(second.url);
  expect(await beckon.onboardUser.run(id).output()).toEqual({ tier: "pro", unpaid: [] });
  const { runs } = await beckon.runs.list({ parent: id, limit: 100 });
  expect(Object.groupBy(runs, ({ job }) => job.id)).toMatchObject({
    "charge-card": { length: 20 },
    "example-job": { length: 1 },
  });
});
