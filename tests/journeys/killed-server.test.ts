import { join } from "node:path";
import type * as jobs from "@acme/jobs";
import { createJobsClient, type JobsClient } from "@beckon/client";
import type { Run } from "@beckon/core";
import type { Store } from "@beckon/engine";
import { openSqliteStore } from "@beckon/sqlite";
import { expect, test, vi } from "vitest";
import { makeFolder, startServerProcess } from "./server-process.ts";

/** Starting a process takes its time on a busy machine. */
vi.setConfig({ testTimeout: 60_000 });

const CONTACTS = 188;

function connect(url: string): JobsClient<typeof jobs> {
  return createJobsClient<typeof jobs>({ url });
}

/** Resolves when the run waits, the first time or once more; where it stands in the run's events. */
async function untilWaiting<Output, Err>(run: Run<Output, Err>, after = 0): Promise<number> {
  for await (const { seq, type, ...event } of run.events({ after })) {
    if (type === "status" && "status" in event && event.status === "WAITING") return seq;
  }
  throw new Error(`Run ${run.id} ended without waiting.`);
}

/** What the import keeps of the first batch of contacts: in the job's own store, as text. */
async function atFirstBatch<Value>(
  path: string,
  work: (store: Store, at: { readonly scope: string; readonly key: string }) => Promise<Value>,
): Promise<Value> {
  const store = await openSqliteStore({ path });
  try {
    return await work(store, { scope: "job:import-contacts", key: "contacts from 0" });
  } finally {
    await store.close();
  }
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
  const path = join(folder.path, "beckon.db");
  const first = await startServerProcess({ BECKON_DATABASE: path });
  const run = await connect(first.url).importContacts.invoke({ batchSize: 60, pauseInSeconds: 0.5 });
  const seen: number[] = [];
  for await (const event of run.events()) {
    seen.push(event.seq);
    if (event.type === "status" && event.status === "WAITING") break;
  }
  await first.kill();
  // Who takes the first batch in again writes over this.
  const mark = '{"json":"taken in"}';
  await atFirstBatch(path, async (store, at) => {
    expect(await store.readValue(at.scope, at.key)).toContain("email");
    await store.writeValue({ ...at, text: mark, claim: null });
  });
  await using second = await startServerProcess({ BECKON_DATABASE: path });
  const beckon = connect(second.url);
  for await (const event of beckon.importContacts.run(run.id).events({ after: seen.length })) seen.push(event.seq);
  const result = await beckon.importContacts.run(run.id).result();
  const tasks = (await beckon.runs.tasks({ id: run.id })).filter(({ kind }) => kind === "task");
  expect(result).toMatchObject({ ok: true, statuses: [{ data: { imported: CONTACTS }, state: "success" }] });
  expect(tasks.map(({ attempt, status }) => `${status} ${attempt}`)).toEqual(Array(5).fill("SUCCESS 1"));
  expect(await atFirstBatch(path, (store, { scope, key }) => store.readValue(scope, key))).toBe(mark);
  expect(seen).toEqual(seen.map((_seq, index) => index + 1));
});

test("B27 B31 a run killed while it waits for others, for many and for one, gets each of their results once", async () => {
  await using folder = await makeFolder();
  const database = { BECKON_DATABASE: join(folder.path, "beckon.db") };
  const first = await startServerProcess(database);
  const { catalog } = connect(first.url);
  for (const id of ["charge-card", "example-job"]) await catalog.pause({ id });
  const purchases = Array.from({ length: 20 }, (_, index) => ({ item: `item ${index}`, amountInCents: 100 }));
  const payload = { userId: "1", tier: "pro", card: "tok_visa", purchases } as const;
  const run = await connect(first.url).onboardUser.invoke(payload);
  const batchAt = await untilWaiting(run);
  expect((await connect(first.url).runs.list({ parent: run.id, limit: 100 })).runs).toHaveLength(20);
  await first.kill();
  const second = await startServerProcess(database);
  await connect(second.url).catalog.resume({ id: "charge-card" });
  await untilWaiting(connect(second.url).onboardUser.run(run.id), batchAt);
  expect((await connect(second.url).runs.list({ status: "QUEUED" })).runs).toMatchObject([
    { job: { id: "example-job" } },
  ]);
  await second.kill();
  await using third = await startServerProcess(database);
  const beckon = connect(third.url);
  await beckon.catalog.resume({ id: "example-job" });
  expect(await beckon.onboardUser.run(run.id).output()).toEqual({ tier: "pro", unpaid: [] });
  const { runs } = await beckon.runs.list({ parent: run.id, limit: 100 });
  expect(Object.groupBy(runs, ({ job }) => job.id)).toMatchObject({
    "charge-card": { length: 20 },
    "example-job": { length: 1 },
  });
  expect(runs.map(({ status, executionCount }) => `${status} ${executionCount}`)).toEqual(Array(21).fill("SUCCESS 1"));
});
