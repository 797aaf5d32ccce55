import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.string().optional() }),
  run: async (text, _io, ctx) => ({ text, isTest: ctx.run.isTest }),
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

async function countChildren({ engine }: World, parentId: string): Promise<number> {
  return (await engine.listRuns({ parent: parentId, limit: 100 })).runs.length;
}

test("B22 unkeyed calls in items of io.parallel and in tasks keep their children, each place its own", async () => {
  const seen: unknown[] = [];
  const call = async () => (await child.invoke("same")).id;
  const parent = defineParent(async (io) => {
    const items = io.parallel("items", ["a", "b", "c"], async (_item, _index, inner) => {
      const id = await call();
      await inner.wait("pause", 1);
      return id;
    });
    const others = Promise.all([
      call(),
      io.runTask("task", call),
      io.runTask("outer", (_task, inner) => inner.runTask("inner", call)),
    ]);
    const ids = [...(await items), ...(await others)];
    seen.push(ids);
    await io.wait("pause", 1);
    return ids;
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.restart();
  const result = await world.endOf(run);
  const ids = result.ok ? result.output : [];
  expect(new Set(ids).size).toBe(6);
  expect(seen.at(-1)).toEqual(ids);
  expect(await countChildren(world, run.id)).toBe(6);
});

test("B22 the attempts of a task that fails after its call share the child", async () => {
  let attempts = 0;
  const parent = defineParent((io) =>
    io.runTask(
      "call",
      async () => {
        attempts += 1;
        const run = await child.invoke("once");
        if (attempts < 3) throw new Error("after the call");
        return run.id;
      },
      { retry: { limit: 3, minTimeoutInMs: 1_000, randomize: false } },
    ),
  );
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.restart();
  expect(await world.endOf(run)).toMatchObject({ ok: true });
  expect(attempts).toBe(3);
  expect(await countChildren(world, run.id)).toBe(1);
});

test("B18 two calls with one idempotency key inside a run are one child, also in a batch that is awaited", async () => {
  const once = { idempotencyKey: "k" };
  const parent = defineParent(async (io) => {
    const runs = [await child.invoke("a", once), await child.invoke("a", once)];
    const results = await child.batchInvokeAndWait([
      { payload: "a", options: once },
      { payload: "b" },
      { payload: "a", options: once },
    ]);
    await io.wait("pause", 1);
    return [...runs.map(({ id }) => id), ...results.map((result) => result.id)];
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  const result = await world.endOf(run);
  const [a, again, one, b, two] = result.ok ? result.output : [];
  expect([again, one, two]).toEqual([a, a, a]);
  expect(b).not.toBe(a);
  expect(await countChildren(world, run.id)).toBe(2);
});

test("B15 a child of a test run is a test run, unless it is told not to be", async () => {
  const parent = defineParent(async () => {
    const results = await child.batchInvokeAndWait([{ payload: "a" }, { payload: "b", options: { isTest: false } }]);
    return results.map((result) => result.ok && result.output.isTest);
  });
  await using _ = await startWorld([parent, child]);
  expect(await (await parent.invoke({}, { isTest: true })).output()).toEqual([true, false]);
  expect(await (await parent.invoke({})).output()).toEqual([false, false]);
});

test("B14 a payload that may be undefined may be left out, and a step key means nothing outside a run", async () => {
  const parent = defineParent(async () => {
    const result = await child.invokeAndWait();
    return result.ok && result.output.text;
  });
  await using _ = await startWorld([parent, child]);
  expect(await (await child.invoke()).output()).toEqual({ text: undefined, isTest: false });
  expect(await (await parent.invoke({})).output()).toBeUndefined();
  const [one, two] = [await child.invoke("a", { key: "k" }), await child.invoke("a", { key: "k" })];
  expect(one.id).not.toBe(two.id);
});

test("B22 a hundred unkeyed calls in a row and a hundred at once are two hundred children after a replay", async () => {
  const parent = defineParent(async (io) => {
    const names = Array.from({ length: 100 }, (_, index) => `${index % 10}`);
    for (const name of names) await child.invoke(name);
    await io.wait("pause", 1);
    await Promise.all(names.map((name) => child.invoke(name)));
    await io.wait("again", 1);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  expect(await world.endOf(run)).toMatchObject({ ok: true });
  expect(await world.store.listRuns({ parentRunId: run.id, limit: 1_000 })).toHaveLength(200);
});
