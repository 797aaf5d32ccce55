import { type AnyJob, BeckonClient, invokeTrigger } from "@beckon/core";
import { WaitCycleError, WaitTimeoutError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const describeError = (error: unknown): unknown =>
  error instanceof WaitCycleError ? [error.name, error.code, error.message] : error;

const cycle = (message: RegExp): unknown => ["WaitCycleError", "WAIT_CYCLE", expect.stringMatching(message)];

/** How many functions are in their code at once; each stays there for a turn of the event loop, so that others could enter. */
function createRoom() {
  let inside = 0;
  let most = 0;
  return {
    most: () => most,
    stay: async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise<void>((resolve) => setImmediate(resolve));
      inside -= 1;
    },
  };
}

test("B26 with concurrencyLimit 1 a job can await another of its own kind, which awaits another", async () => {
  const room = createRoom();
  const nested: AnyJob = client.defineJob({
    id: "nested",
    name: "Nested",
    version: "1.0.0",
    concurrencyLimit: 1,
    trigger: invokeTrigger({ schema: z.number() }),
    run: async (depth, io): Promise<string> => {
      await io.runTask("before", room.stay);
      const below = depth === 0 ? "" : await (await nested.invoke(depth - 1)).output();
      await io.runTask("after", room.stay);
      return `${depth}${below}`;
    },
  });
  await using _ = await startWorld([nested]);
  const runs = await Promise.all([nested.invoke(3), nested.invoke(2), nested.invoke(0)]);
  expect(await Promise.all(runs.map((run) => run.output()))).toEqual(["3210", "210", "0"]);
  expect(room.most()).toBe(1);
});

test("B26 a batch of its own kind is awaited through a limit of 1", async () => {
  const room = createRoom();
  const tree: AnyJob = client.defineJob({
    id: "tree",
    name: "Tree",
    version: "1.0.0",
    concurrencyLimit: 1,
    trigger: invokeTrigger({ schema: z.number() }),
    run: async (depth): Promise<number> => {
      await room.stay();
      if (depth === 0) return 1;
      const results = await tree.batchInvokeAndWait([{ payload: depth - 1 }, { payload: depth - 1 }]);
      await room.stay();
      return results.reduce((sum, result) => sum + (result.ok ? (result.output as number) : 0), 0);
    },
  });
  await using _ = await startWorld([tree]);
  expect(await (await tree.invoke(3)).output()).toBe(8);
  expect(room.most()).toBe(1);
});

test("B26 a run that waits for itself is told so, the same on replay, and may go on", async () => {
  const seen: unknown[] = [];
  const narcissus: AnyJob = client.defineJob({
    id: "narcissus",
    name: "Narcissus",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io, ctx) => {
      seen.push(await narcissus.run(ctx.run.id).result().catch(describeError));
      await io.wait("pause", 1);
      return "wiser";
    },
  });
  await using world = await startWorld([narcissus]);
  const run = await narcissus.invoke({});
  await world.until(run.id, "WAITING");
  await world.restart();
  expect(await world.endOf(run)).toMatchObject({ ok: true, output: "wiser" });
  const told = cycle(new RegExp(`Run ${run.id} would wait for itself`));
  expect(seen).toEqual([told, told]);
});

test("B26 a run that waits for itself through its idempotency key fails with a sentence", async () => {
  const once: AnyJob = client.defineJob({
    id: "once",
    name: "Once",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => once.invokeAndWait({}, { idempotencyKey: "k" }),
  });
  await using world = await startWorld([once]);
  const run = await once.invoke({}, { idempotencyKey: "k" });
  const result = await run.result();
  expect(result).toMatchObject({ ok: false, error: { code: "UNCAUGHT", name: "WaitCycleError" } });
  expect(!result.ok && result.error.message).toMatch(
    /would wait for itself: run \S+ waits for run \S+\. Use invoke instead of invokeAndWait/,
  );
  expect((await world.engine.listRuns({})).runs).toHaveLength(1);
});

/** Jobs that each wait for the next, the last for the first; the runs are made by key, so each is there once. */
function defineRing(size: number, timeouts: readonly (number | undefined)[] = []) {
  const ring: AnyJob[] = [];
  for (let place = 0; place < size; place += 1) {
    const job: AnyJob = client.defineJob({
      id: `ring-${place}`,
      name: "Ring",
      version: "1.0.0",
      trigger: invokeTrigger(),
      run: async () => {
        const next = ring[(place + 1) % size];
        if (next === undefined) throw new Error("The ring is broken.");
        const [run] = await next.batchInvoke([{ payload: {}, options: { idempotencyKey: "ring" } }]);
        const outcome = await run?.result({ timeout: timeouts[place] }).catch((error: unknown) => error);
        return outcome instanceof Error ? outcome.name : "the next has ended";
      },
    });
    ring.push(job);
  }
  return ring;
}

for (const size of [2, 3, 5]) {
  test(`B26 a ring of ${size} jobs that wait for each other is reported, and every run ends`, async () => {
    const ring = defineRing(size);
    await using world = await startWorld(ring);
    const runs = await Promise.all(ring.map((job) => job.invoke({}, { idempotencyKey: "ring" })));
    const outputs = await Promise.all(runs.map((run) => run.output()));
    expect(outputs).toContain("WaitCycleError");
    expect((await world.engine.listRuns({})).runs).toHaveLength(size);
  });
}

test("B26 a ring in which one wait has a timeout can finish, and is not reported", async () => {
  const ring = defineRing(3, [undefined, 10, undefined]);
  await using world = await startWorld(ring);
  const runs = await Promise.all(ring.map((job) => job.invoke({}, { idempotencyKey: "ring" })));
  for (const run of runs) await world.endOf(run);
  expect(await Promise.all(runs.map((run) => run.output()))).toEqual([
    "the next has ended",
    WaitTimeoutError.name,
    "the next has ended",
  ]);
});

test("B26 a run that waits for itself with a timeout is told that its time is over", async () => {
  const patient: AnyJob = client.defineJob({
    id: "patient",
    name: "Patient",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, _io, ctx) =>
      patient
        .run(ctx.run.id)
        .result({ timeout: 5 })
        .catch((error: unknown) => String(error)),
  });
  await using world = await startWorld([patient]);
  expect(await world.endOf(await patient.invoke({}))).toMatchObject({
    output: expect.stringMatching(/^WaitTimeoutError/),
  });
});

test("B26 a run that another waits for, and that waits for a third, is no cycle", async () => {
  const leaf = client.defineJob({
    id: "leaf",
    name: "Leaf",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => io.wait("nap", 5),
  });
  const middle = client.defineJob({
    id: "middle",
    name: "Middle",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => (await leaf.invokeAndWait({}, { idempotencyKey: "leaf" })).status,
  });
  const top = client.defineJob({
    id: "top",
    name: "Top",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () =>
      (await Promise.all([middle.invokeAndWait({}), leaf.invokeAndWait({}, { idempotencyKey: "leaf" })])).map(
        ({ status }) => status,
      ),
  });
  await using world = await startWorld([leaf, middle, top]);
  expect(await world.endOf(await top.invoke({}))).toMatchObject({ ok: true, output: ["SUCCESS", "SUCCESS"] });
});
