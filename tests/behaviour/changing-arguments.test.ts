import { BeckonClient, IdempotencyConflictError, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ page: z.number() }) }),
  run: async ({ page }) => page,
});

/** Its schema answers in a later turn. */
const slow = client.defineJob({
  id: "slow",
  name: "Slow",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ page: z.number() }).refine(() => Promise.resolve(true)) }),
  run: async ({ page }) => page,
});

function defineParent<Output>(run: (io: IO) => Promise<Output>) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

test("B22 a child inside a run is given what the payload was when it was invoked, as outside", async () => {
  const parent = defineParent(async () => {
    const payload = { page: 0 };
    const calls = [];
    for (payload.page = 1; payload.page <= 3; payload.page += 1) calls.push(child.invoke(payload));
    for (; payload.page <= 5; payload.page += 1) calls.push(child.invoke(payload, { key: ["page", payload.page] }));
    const [first, second] = [{ page: 6 }, { page: 7 }];
    const batch = child.batchInvoke([{ payload: first }, { payload: second }]);
    first.page = 0;
    second.page = 0;
    const runs = [...(await Promise.all(calls)), ...(await batch)];
    return Promise.all(runs.map((run) => run.output()));
  });
  await using world = await startWorld([parent, child]);
  const result = await world.endOf(await parent.invoke({}));
  expect(result).toMatchObject({ ok: true, output: [1, 2, 3, 4, 5, 6, 7] });
});

test("B12 a call whose schema takes its time stores the payload that it was given, whatever becomes of the object", async () => {
  await using world = await startWorld([slow]);
  const payload = { page: 0 };
  const calls = [];
  for (payload.page = 1; payload.page <= 3; payload.page += 1) calls.push(slow.invoke(payload));
  const [first, second] = [{ page: 4 }, { page: 5 }];
  const batch = slow.batchInvoke([{ payload: first }, { payload: second }]);
  first.page = 0;
  Reflect.set(second, "page", "none");
  const runs = [...(await Promise.all(calls)), ...(await batch)];
  const results = await Promise.all(runs.map((run) => world.endOf(run)));
  expect(results.map((result) => result.ok && result.output)).toEqual([1, 2, 3, 4, 5]);
});

test("B19 a call whose schema takes its time keeps its idempotency key for the payload that it was given", async () => {
  await using world = await startWorld([slow]);
  const payload = { page: 1 };
  const making = slow.invoke(payload, { idempotencyKey: "pages" });
  payload.page = 2;
  const first = await making;
  expect(await world.endOf(first)).toMatchObject({ ok: true, output: 1 });
  expect(await slow.invoke({ page: 1 }, { idempotencyKey: "pages" })).toMatchObject({ id: first.id });
  await expect(slow.invoke({ page: 2 }, { idempotencyKey: "pages" })).rejects.toThrow(IdempotencyConflictError);
});

test("a signal has the payload that it was sent with, whatever becomes of the object", async () => {
  const parent = defineParent(async (io) => {
    const payload = { page: 1 };
    const sending = io.sendSignal("send", "page", { payload });
    payload.page = 2;
    await sending;
    return io.waitForSignal("wait", "page");
  });
  await using world = await startWorld([parent]);
  const result = await world.endOf(await parent.invoke({}));
  expect(result).toMatchObject({ ok: true, output: { page: 1 } });
});

test("a status has the data that it was given, whatever becomes of the object", async () => {
  const parent = defineParent(async (io) => {
    const update = { label: "One", data: { page: 1 } };
    const making = io.createStatus("progress", update);
    update.label = "Two";
    update.data.page = 2;
    const status = await making;
    const updating = status.update("next", update);
    update.label = "Three";
    update.data.page = 3;
    await updating;
  });
  await using world = await startWorld([parent]);
  const run = await parent.invoke({});
  await world.endOf(run);
  const records: unknown[] = [];
  for await (const event of run.events()) {
    if (event.type === "status-record") records.push({ label: event.record.label, data: event.record.data });
  }
  expect(records).toEqual([
    { label: "One", data: { page: 1 } },
    { label: "Two", data: { page: 2 } },
  ]);
});
