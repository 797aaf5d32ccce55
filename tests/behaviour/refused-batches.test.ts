import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
  run: async ({ n }) => n,
});

/** Takes whatever can be stored. */
const open = client.defineJob({
  id: "open",
  name: "Open",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => null,
});

const bad = { n: "no number" } as unknown as { n: number };

class Money {
  readonly cents = 5;
}

function defineParent(run: (io: IO, attempt: number) => Promise<unknown>) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

/** What each execution of a run sees that goes through the body and then waits, twice. */
async function seenOnReplays(
  body: (io: IO) => Promise<unknown>,
): Promise<{ readonly world: World; readonly seen: readonly unknown[] }> {
  const seen: unknown[] = [];
  const parent = defineParent(async (io) => {
    seen.push(await body(io));
    await io.wait("a pause", 1);
    await io.wait("another pause", 1);
  });
  const world = await startWorld([parent, child, open]);
  expect(await world.endOf(await parent.invoke({}))).toMatchObject({ ok: true });
  return { world, seen };
}

async function countRuns({ engine }: World, jobId: string): Promise<number> {
  return (await engine.listRuns({ job: jobId, limit: 100 })).runs.length;
}

const item = (n: number, options: object = {}) => ({ payload: { n }, options: { key: `item ${n}`, ...options } });

const refused = (error: unknown): string => (error instanceof Error ? error.name : String(error));

test("B22 what a refused batch has come by in a new attempt is there for the calls that take its place", async () => {
  const items = [{ payload: { n: 1 } }, { payload: { n: 2 } }, { payload: bad }];
  const parent = defineParent(async (io, attempt) => {
    const runs = await child.batchInvoke(items).catch(async () => {
      const made = [];
      for (const { payload } of items.slice(0, 2)) made.push(await child.invoke(payload));
      return made;
    });
    await Promise.all(runs.map((run) => run.result()));
    await io.runTask("fails once", () => {
      if (attempt === 1) throw new Error("once");
    });
    // A replay within the second attempt.
    await io.wait("a pause", 1);
    return runs.map(({ id }) => id);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "DELAYED");
  const { runs } = await world.engine.listRuns({ job: "child" });
  expect(await world.endOf(run)).toMatchObject({ output: runs.map(({ id }) => id).toReversed() });
  expect(await countRuns(world, "child")).toBe(2);
});

test("B22 a batch whose item cannot be stored leaves the children to the calls that take its place, on replay too", async () => {
  const { world, seen } = await seenOnReplays(async () => {
    const items = [{ payload: { n: 1 } }, { payload: { n: new Money() } }];
    const refusal = await open.batchInvoke(items).catch(refused);
    return [refusal, (await open.invoke({ n: 1 })).id];
  });
  await using _ = world;
  expect(seen).toEqual([["InvalidPayloadError", expect.any(String)], seen[0], seen[0]]);
  expect(await countRuns(world, "open")).toBe(1);
});

test("B23 a batch with one key twice leaves the children to the calls that take its place, on replay too", async () => {
  const { world, seen } = await seenOnReplays(async () => {
    const twice = { payload: { n: 2 }, options: { key: "twice" } };
    const refusal = await child.batchInvoke([{ payload: { n: 1 } }, twice, twice]).catch(refused);
    return [refusal, (await child.invoke({ n: 1 })).id];
  });
  await using _ = world;
  expect(seen).toEqual([["DuplicateStepKeyError", expect.any(String)], seen[0], seen[0]]);
  expect(await countRuns(world, "child")).toBe(1);
});

test("B22 a batch whose item cannot be stored takes nothing from a call at the same time", async () => {
  const { world, seen } = await seenOnReplays(async () => {
    const [refusal, made] = await Promise.all([
      open.batchInvoke([{ payload: { n: 1 } }, { payload: { n: new Money() } }]).catch(refused),
      open.invoke({ n: 1 }),
    ]);
    return [refusal, made.id];
  });
  await using _ = world;
  expect(seen).toEqual([["InvalidPayloadError", expect.any(String)], seen[0], seen[0]]);
  expect(await countRuns(world, "open")).toBe(1);
});

test("B22 a refused batch and an equal call at the same time stay refused and made on replay", async () => {
  const { world, seen } = await seenOnReplays(async () => {
    const [refusal, made] = await Promise.all([
      child.batchInvoke([{ payload: { n: 1 } }, { payload: bad }]).catch(refused),
      child.invoke({ n: 1 }).then(({ id }) => id, refused),
    ]);
    return [refusal, made];
  });
  await using _ = world;
  expect(seen).toEqual([["InvalidPayloadError", expect.stringMatching(/^run_/)], seen[0], seen[0]]);
  expect(await countRuns(world, "child")).toBe(1);
});

test("B22 after a refused batch another call of the job is a new one, though a child of the batch is not asked for again", async () => {
  const asked: number[] = [];
  const shaky = client.defineJob({
    id: "shaky",
    name: "Shaky",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
    run: async ({ n }) => {
      asked.push(n);
      if (n === 2) throw new Error("two");
      return n;
    },
  });
  const parent = defineParent(async (_io, attempt) => {
    const second = { payload: attempt === 1 ? { n: 2 } : bad };
    try {
      const runs = await shaky.batchInvoke([{ payload: { n: 1 } }, second]);
      return await Promise.all(runs.map((run) => run.output()));
    } catch (error) {
      if (attempt === 1) throw error;
      return [refused(error), (await shaky.invokeAndWait({ n: 3 })).ok];
    }
  });
  await using world = await startWorld([parent, shaky]);
  expect(await world.endOf(await parent.invoke({}))).toMatchObject({ output: ["InvalidPayloadError", true] });
  expect(asked).toEqual([1, 2, 3]);
});

test("B22 the keys of a refused batch are there for the calls that take its place, on each replay and in a new attempt", async () => {
  let attempts = 0;
  const { world, seen } = await seenOnReplays(async (io) => {
    await child.invoke({ n: 0 }, { key: "holder", idempotencyKey: "taken" });
    const items = [item(1), item(2, { idempotencyKey: "taken" }), item(3)];
    const made = await child.batchInvoke(items).catch(async (error: unknown) => {
      const others = await child.batchInvoke([item(1)]);
      const last = await child.invoke({ n: 3 }, { key: "item 3" });
      const again = await child.invoke({ n: 2 }, { key: "item 2" }).catch(refused);
      return [refused(error), ...others.map(({ id }) => id), last.id, again];
    });
    await io.runTask("fails once", () => {
      attempts += 1;
      if (attempts === 1) throw new Error("once");
    });
    return made;
  });
  await using used = world;
  expect(seen[0]).toEqual([
    "IdempotencyConflictError",
    expect.stringMatching(/^run_/),
    expect.stringMatching(/^run_/),
    "DuplicateStepKeyError",
  ]);
  expect(seen).toEqual(seen.map(() => seen[0]));
  expect(seen.length).toBeGreaterThan(2);
  expect(await countRuns(used, "child")).toBe(3);
});
