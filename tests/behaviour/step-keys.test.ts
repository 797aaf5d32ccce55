import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { DuplicateStepKeyError, type StepKey } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.unknown() }),
  run: async (payload) => payload,
});

/** A run of this body, which is executed once more from its top after a wait at its end. */
async function runTwice<Output>(
  body: (io: IO) => Promise<Output>,
): Promise<{ world: World; outputs: Output[]; runId: string }> {
  const outputs: Output[] = [];
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      outputs.push(await body(io));
      await io.wait("a pause before the last execution", 1);
    },
  });
  const world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(1_000);
  await run.output();
  return { world, outputs, runId: run.id };
}

async function countChildren({ world, runId }: { world: World; runId: string }): Promise<number> {
  return (await world.engine.listRuns({ parent: runId, limit: 100 })).runs.length;
}

const describeError = (error: unknown): unknown =>
  error instanceof DuplicateStepKeyError ? { code: error.code, key: error.key, message: error.message } : error;

test("B23 the same explicit key twice in one scope is an error that names it", async () => {
  const uses: readonly (readonly [StepKey, (io: IO, key: StepKey) => Promise<unknown>])[] = [
    ["mail", (_io, key) => child.invoke(1, { key })],
    ["wait", (_io, key) => child.invokeAndWait(1, { key })],
    [["user", 1], (_io, key) => child.batchInvoke([{ payload: 1, options: { key } }])],
    ["task", (io, key) => io.runTask(key, () => 1)],
    ["pause", (io, key) => io.wait(key, 0)],
    ["chance", (io, key) => io.random(key)],
    ["moment", (io, key) => io.now(key)],
    ["id", (io, key) => io.uuid(key)],
    ["items", (io, key) => io.parallel(key, [1], (item) => item)],
    ["signal", (io, key) => io.sendSignal(key, "done")],
  ];
  for (const [key, use] of uses) {
    const run = await runTwice(async (io) => {
      await use(io, key);
      return use(io, key).catch(describeError);
    });
    await using _ = run.world;
    const shown = JSON.stringify(key);
    const refusal = {
      code: "DUPLICATE_STEP_KEY",
      key: shown,
      message: expect.stringContaining(`The key ${shown} is used twice in this run`),
    };
    expect(run.outputs).toEqual([refusal, refusal]);
  }
});

test("B23 one key for two kinds of steps in one scope is an error, too", async () => {
  const run = await runTwice(async (io) => {
    await io.runTask("mail", () => 1);
    return child.invoke(1, { key: "mail" }).catch(describeError);
  });
  await using _ = run.world;
  expect(run.outputs[0]).toMatchObject({ code: "DUPLICATE_STEP_KEY", key: '"mail"' });
  expect(await countChildren(run)).toBe(0);
});

test("B23 one key for two items of a batch is an error, and no run is made", async () => {
  const run = await runTwice(async () =>
    child
      .batchInvoke([
        { payload: 1, options: { key: "mail" } },
        { payload: 2, options: { key: "mail" } },
      ])
      .catch(describeError),
  );
  await using _ = run.world;
  expect(run.outputs).toEqual(Array.from({ length: 2 }, () => expect.objectContaining({ key: '"mail"' })));
  expect(await countChildren(run)).toBe(0);
});

test("B23 an error about a key that nobody catches fails the run and says where", async () => {
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) =>
      io.runTask("outer", async () => {
        await child.invoke(1, { key: "mail" });
        await child.invoke(1, { key: "mail" });
      }),
  });
  await using _ = await startWorld([parent, child]);
  expect(await (await parent.invoke({})).result()).toMatchObject({
    ok: false,
    error: {
      name: "DuplicateStepKeyError",
      message: expect.stringContaining('"mail" is used twice inside step "outer"'),
    },
  });
});

test("B23 the same key under different tasks, items and runs does not collide", async () => {
  const once = async () => (await child.invoke("x", { key: "mail" })).id;
  const body = async (io: IO) => [
    await once(),
    await io.runTask("one", once),
    await io.runTask("two", once),
    await io.runTask("nested", (_task, inner) => inner.runTask("one", once)),
    ...(await io.parallel("items", [1, 2], once)),
  ];
  const one = await runTwice(body);
  await using _ = one.world;
  expect(new Set(one.outputs[0]).size).toBe(6);
  expect(one.outputs[1]).toEqual(one.outputs[0]);
  expect(await countChildren(one)).toBe(6);

  const second = await child.invoke("y");
  expect(one.outputs[0]).not.toContain(second.id);
});

test("B23 two runs of one job use the same keys apart", async () => {
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.number() }),
    run: async (n) => child.invokeAndWait(n, { key: "mail" }),
  });
  await using _ = await startWorld([parent, child]);
  const runs = await Promise.all([parent.invoke(1), parent.invoke(2)]);
  const results = await Promise.all(runs.map((run) => run.output()));
  expect(results).toMatchObject([{ output: 1 }, { output: 2 }]);
});

test("B23 keys that differ in any part are different, whatever they look like", async () => {
  const keys: readonly StepKey[] = [
    ["user", 1],
    ["user", 2],
    ["user", "1"],
    ["user", 1, null],
    ["user", 1, undefined],
    ["user,1"],
    '["user",1]',
    '["user", 1]',
    "user,1",
    "user/1",
    "user~11",
    "user~1",
    "",
    [],
    [[]],
    [{}],
    [{ a: 1 }],
    [{ a: 1, b: undefined, c: null }],
    [{ a: "1" }],
    [Number.NaN],
    ["NaN"],
    [new Date(0)],
    ["Date(0)"],
    [0],
    [-0],
    [1n],
    ["1n"],
    ["a\u0000"],
    ["a"],
    "👩‍👧",
    "~:child#1",
    "[",
    "~2",
  ];
  const run = await runTwice(async () => {
    const ids: string[] = [];
    for (const [index, key] of keys.entries()) ids.push((await child.invoke(index, { key })).id);
    return ids;
  });
  await using _ = run.world;
  expect(new Set(run.outputs[0]).size).toBe(keys.length);
  expect(run.outputs[1]).toEqual(run.outputs[0]);
  expect(await countChildren(run)).toBe(keys.length);
});

test("B23 the order of properties in a key does not matter, nor do undefined ones", async () => {
  const same: readonly (readonly [StepKey, StepKey])[] = [
    [
      ["user", { id: 1, at: { x: 1, y: 2 } }],
      ["user", { at: { y: 2, x: 1 }, id: 1 }],
    ],
    [
      ["user", { id: 1, at: new Date(0) }],
      ["user", { at: new Date(0), id: 1 }],
    ],
    [
      ["user", { id: 1 }],
      ["user", { id: 1, name: undefined }],
    ],
    [[new Map([["a", { x: 1, y: 2 }]])], [new Map([["a", { y: 2, x: 1 }]])]],
  ];
  for (const [one, other] of same) {
    const run = await runTwice(async () => {
      await child.invoke(1, { key: one });
      return child.invoke(1, { key: other }).catch(describeError);
    });
    await using _ = run.world;
    expect(run.outputs[0]).toMatchObject({ code: "DUPLICATE_STEP_KEY" });
    expect(await countChildren(run)).toBe(1);
  }
});

test("B23 a key that could not be told from another is refused by its path", async () => {
  const run = await runTwice(async () =>
    child.invoke(1, { key: ["user", { load: () => undefined }] }).catch((error: unknown) => String(error)),
  );
  await using _ = run.world;
  expect(run.outputs[0]).toMatch(/key\[1\]\.load is a function/);
});

test("B23 a keyed call keeps its child though its payload differs on replay", async () => {
  let payload = 0;
  const run = await runTwice(async () => child.invokeAndWait((payload += 1), { key: "mail" }));
  await using _ = run.world;
  expect(run.outputs.at(-1)).toMatchObject({ ok: true, output: 1 });
  expect(await countChildren(run)).toBe(1);
});

test("a key that was cut in the middle of an emoji is found on replay, and no other key is its equal", async () => {
  const keys = ["\ud83d", "\ude00", "\ud83d/", "\ufffd", "~3d83d", "😀", "a\ud83d", "a~3d83d"];
  let executions = 0;
  const run = await runTwice(async (io) => {
    const values = [];
    for (const key of keys) values.push(await io.runTask(key, () => (executions += 1)));
    await io.wait("remind \ud83d", 0);
    return values;
  });
  await using _ = run.world;
  expect(executions).toBe(keys.length);
  expect(run.outputs[0]).toEqual(keys.map((_key, index) => index + 1));
  expect(run.outputs[1]).toEqual(run.outputs[0]);
});

const nameOf = (error: Error): string => error.name;

test("a list as the key of a wait may hold what JSON cannot say", async () => {
  const job = client.defineJob({
    id: "waits",
    name: "Waits",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.wait(["pause", 1n], 1);
      return [
        await io.waitForSignal(["signal", 1n], "news", { timeout: 1 }).catch(nameOf),
        await io.waitForRequest(["request", 1n], () => undefined, { timeout: 1 }).catch(nameOf),
      ];
    },
  });
  await using world = await startWorld([job]);
  const result = await world.endOf(await job.invoke({}));
  expect(result).toMatchObject({ ok: true, output: ["WaitTimeoutError", "WaitTimeoutError"] });
  const names = (await world.engine.readTasks(result.id)).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['wait ["pause",1n]', 'news ["signal",1n]', 'request ["request",1n]']));
});
