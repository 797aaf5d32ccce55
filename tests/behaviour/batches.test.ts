import { BeckonClient, IdempotencyConflictError, InvalidPayloadError, invokeTrigger } from "@beckon/core";
import { InvalidOptionError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLedger } from "./ledger.ts";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const double = client.defineJob({
  id: "double",
  name: "Double",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.number() }),
  run: async (n) => {
    if (n === 13) throw new Error("bad luck");
    return n * 2;
  },
});

const itemsOf = (numbers: readonly number[]) => numbers.map((payload) => ({ payload }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 100);

async function countRuns({ engine }: World): Promise<number> {
  return (await engine.listRuns({ limit: 100 })).runs.length;
}

const bad = "no number" as unknown as number;

test("B30 a batch makes its runs in the order of its items", async () => {
  await using _ = await startWorld([double]);
  const runs = await double.batchInvoke(itemsOf([5, 3, 9, 1]));
  expect(await Promise.all(runs.map((run) => run.output()))).toEqual([10, 6, 18, 2]);
  const ids = runs.map(({ id }) => id);
  expect(ids.toSorted()).toEqual(ids);
  const results = await double.batchInvokeAndWait(itemsOf([5, 13, 9]));
  expect(results).toMatchObject([{ output: 10 }, { ok: false, error: { message: "bad luck" } }, { output: 18 }]);
});

test("B30 one bad item makes no run, and the error names its index", async () => {
  await using world = await startWorld([double]);
  for (const index of [0, 1, 2]) {
    const numbers = [1, 2, 3].map((n, place) => (place === index ? bad : n));
    const refusal = await double.batchInvoke(itemsOf(numbers)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(InvalidPayloadError);
    expect(refusal).toMatchObject({ index, issues: [{ path: [] }] });
    expect(String(refusal)).toContain(`Batch item ${index}: `);
  }
  expect(await countRuns(world)).toBe(0);
});

test("B30 one bad option or value makes no run, and the error names its index", async () => {
  const open = client.defineJob({
    id: "open",
    name: "Open",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => null,
  });
  await using world = await startWorld([double, open]);
  const option = double.batchInvoke([{ payload: 1 }, { payload: 2, options: { priority: 0.5 } }]);
  await expect(option).rejects.toBeInstanceOf(InvalidOptionError);
  await expect(option).rejects.toMatchObject({
    index: 1,
    option: "priority",
    message: 'Batch item 1: Option "priority": 0.5 is not a whole number.',
  });
  const context = double.batchInvoke([{ payload: 1, options: { context: () => undefined } }]);
  await expect(context).rejects.toMatchObject({ index: 0, option: "context" });
  const value = open.batchInvoke([{ payload: 1 }, { payload: 2 }, { payload: { close: () => undefined } }]);
  await expect(value).rejects.toMatchObject({ index: 2, code: "INVALID_PAYLOAD", issues: [{ path: ["close"] }] });
  expect(await countRuns(world)).toBe(0);
});

test("B30 a conflict with a run that is there makes no run, and the error names its index", async () => {
  await using world = await startWorld([double]);
  const first = await double.invoke(1, { idempotencyKey: "k" });
  const batch = double.batchInvoke([
    { payload: 5, options: { idempotencyKey: "new" } },
    { payload: 1, options: { idempotencyKey: "k" } },
    { payload: 2, options: { idempotencyKey: "k" } },
  ]);
  await expect(batch).rejects.toBeInstanceOf(IdempotencyConflictError);
  await expect(batch).rejects.toMatchObject({ index: 2, runId: first.id });
  expect(await countRuns(world)).toBe(1);
  const free = await double.invoke(7, { idempotencyKey: "new" });
  expect(await free.output()).toBe(14);
});

test("B30 equal items under one key are one run, each with its handle", async () => {
  await using world = await startWorld([double]);
  const item = { payload: 4, options: { idempotencyKey: "k" } };
  const runs = await double.batchInvoke([item, { payload: 5 }, item]);
  expect(runs[2]?.id).toBe(runs[0]?.id);
  expect(await Promise.all(runs.map((run) => run.output()))).toEqual([8, 10, 8]);
  expect(await countRuns(world)).toBe(2);
});

test("B30 an empty batch makes nothing and gives nothing, outside and inside a run", async () => {
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => [await double.batchInvoke([]), await double.batchInvokeAndWait([])],
  });
  await using world = await startWorld([double, parent]);
  expect(await double.batchInvoke([])).toEqual([]);
  expect(await double.batchInvokeAndWait([])).toEqual([]);
  expect(await (await parent.invoke({})).output()).toEqual([[], []]);
  expect(await countRuns(world)).toBe(1);
});

test("B30 a thousand items in one call are a thousand runs, and 1,001 are refused", async () => {
  await using world = await startWorld([double], { concurrency: 0 });
  const runs = await double.batchInvoke(itemsOf(upTo(1_000)));
  const ids = runs.map(({ id }) => id);
  expect(new Set(ids).size).toBe(1_000);
  expect(ids.toSorted()).toEqual(ids);
  const records = await world.store.readRuns([ids[0] ?? "", ids[999] ?? ""]);
  expect(records.map((run) => run?.input)).toEqual(['{"json":100}', '{"json":1099}']);
  const refused = double.batchInvoke(itemsOf(upTo(1_001)));
  await expect(refused).rejects.toMatchObject({ code: "INVALID_OPTION", option: "items" });
  await expect(refused).rejects.toThrow("a batch has at most 1000 items, and this one has 1001");
  expect(await world.store.listRuns({ limit: 2_000 })).toHaveLength(1_000);
});

test("B30 a thousand items inside a run are a thousand children, in order, once, and 1,001 are refused", async () => {
  const ledger = createLedger();
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const refusal = await double.batchInvoke(itemsOf(upTo(1_001))).catch((error: unknown) => String(error));
      const results = await double.batchInvokeAndWait(itemsOf(upTo(1_000)));
      ledger.note("gathered");
      await io.wait("pause", 1);
      return { refusal, outputs: results.map((result) => result.ok && result.output) };
    },
  });
  await using world = await startWorld([double, parent]);
  const run = await parent.invoke({});
  await ledger.until("gathered");
  const result = await world.endOf(run);
  expect(result.ok && result.output.outputs).toEqual(upTo(1_000).map((n) => n * 2));
  expect(result.ok && result.output.refusal).toContain("at most 1000 items");
  expect(await world.store.listRuns({ parentRunId: run.id, limit: 2_000 })).toHaveLength(1_000);
});

test("B30 a batch of keyed and unkeyed items is the same batch on replay", async () => {
  const seen: (readonly string[])[] = [];
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const runs = await double.batchInvoke([
        { payload: 1, options: { key: "one" } },
        { payload: 2 },
        { payload: 2 },
        { payload: 3, options: { key: "three" } },
      ]);
      seen.push(runs.map(({ id }) => id));
      await io.wait("pause", 1);
    },
  });
  await using world = await startWorld([double, parent]);
  const run = await parent.invoke({});
  await world.endOf(run);
  expect(seen[1]).toEqual(seen[0]);
  expect(new Set(seen[0]).size).toBe(4);
});
