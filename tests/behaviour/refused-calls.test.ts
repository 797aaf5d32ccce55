import { BeckonClient, IdempotencyConflictError, InvalidPayloadError, invokeTrigger, type IO } from "@beckon/core";
import { InvalidOptionError, JobDisabledError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

function defineChild(id = "child", enabled = true) {
  return client.defineJob({
    id,
    name: "Child",
    version: "1.0.0",
    enabled,
    trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
    run: async ({ n }) => n,
  });
}

/** What the body sees in each of its two executions. */
async function seenTwice(
  body: (io: IO, execution: number) => Promise<unknown>,
  jobs: Parameters<typeof startWorld>[0],
): Promise<{
  readonly world: World;
  readonly seen: readonly unknown[];
  readonly runId: string;
  readonly result: unknown;
}> {
  const seen: unknown[] = [];
  let executions = 0;
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      executions += 1;
      seen.push(await body(io, executions));
      await io.wait("a pause before the last execution", 1);
    },
  });
  const world = await startWorld([parent, ...jobs]);
  const { id } = await parent.invoke({});
  await world.until(id, "WAITING");
  await world.restart();
  await world.clock.advance(1_000);
  const result = await parent.run(id).result();
  return { world, seen, runId: id, result };
}

const describeError = (error: unknown): unknown =>
  error instanceof Error ? Object.assign({ class: error.constructor.name, message: error.message }, error) : error;

const bad = { n: "no number" } as unknown as { n: number };

test("B22 a refused call is refused again on replay, and the calls after it keep their children", async () => {
  const child = defineChild();
  const taken = { idempotencyKey: "taken" };
  const { world, seen, runId, result } = await seenTwice(async () => {
    const first = await child.invoke({ n: 0 }, taken);
    const refusals = [
      await child.invoke(bad).catch((error: unknown) => error),
      await child.invoke({ n: 1 }, taken).catch((error: unknown) => error),
      await child.invoke({ n: 2 }, { priority: 0.5 }).catch((error: unknown) => error),
      await child.invoke({ n: 2 }, { key: "keyed", priority: 0.5 }).catch((error: unknown) => error),
    ];
    const last = await child.invoke({ n: 3 });
    const classes = [InvalidPayloadError, IdempotencyConflictError, InvalidOptionError, InvalidOptionError];
    return [
      first.id,
      last.id,
      ...refusals.map((error, index) => [error instanceof (classes[index] ?? Error), describeError(error)]),
    ];
  }, [child]);
  await using _ = world;
  expect(result).toMatchObject({ ok: true });
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toEqual([
    expect.any(String),
    expect.any(String),
    [true, expect.objectContaining({ code: "INVALID_PAYLOAD", issues: [expect.objectContaining({ path: ["n"] })] })],
    [true, expect.objectContaining({ code: "IDEMPOTENCY_CONFLICT", runId: expect.any(String) })],
    [true, expect.objectContaining({ code: "INVALID_OPTION", option: "priority" })],
    [true, expect.objectContaining({ code: "INVALID_OPTION", option: "priority" })],
  ]);
  expect((await world.engine.listRuns({ parent: runId })).runs).toHaveLength(2);
});

test("B22 a call of a job that is disabled or unknown is refused the same on replay", async () => {
  const child = defineChild();
  const off = defineChild("off", false);
  const { world, seen, result } = await seenTwice(async () => {
    const refused = await off.invoke({ n: 1 }).catch((error: unknown) => error);
    const fine = await child.invoke({ n: 1 });
    return [refused instanceof JobDisabledError, describeError(refused), fine.id];
  }, [child, off]);
  await using _ = world;
  expect(result).toMatchObject({ ok: true });
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toEqual([true, expect.objectContaining({ code: "JOB_DISABLED" }), expect.any(String)]);
});

test("B22 a conflict stays a conflict on replay, though the key has become free meanwhile", async () => {
  const child = defineChild();
  const { world, seen, runId } = await seenTwice(
    async (_io, execution) => {
      const holder =
        execution === 1 ? await child.invoke({ n: 0 }, { key: "holder", idempotencyKey: "k", delay: 60 }) : null;
      const refused = await child.invoke({ n: 1 }, { idempotencyKey: "k" }).catch((error: unknown) => error);
      await holder?.cancel();
      return refused instanceof IdempotencyConflictError;
    },
    [child],
  );
  await using _ = world;
  expect(seen).toEqual([true, true]);
  expect((await world.engine.listRuns({ parent: runId })).runs).toHaveLength(1);
});

test("B22 a payload that cannot be stored is refused with its path inside a run as outside", async () => {
  const open = client.defineJob({
    id: "open",
    name: "Open",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => null,
  });
  const leak = { rows: [{ close: () => undefined }] };
  const { world, seen, result } = await seenTwice(async () => {
    const refused = await open.invoke(leak).catch((error: unknown) => error);
    const fine = await open.invoke({});
    return [refused instanceof InvalidPayloadError, describeError(refused), fine.id];
  }, [open]);
  await using _ = world;
  expect(result).toMatchObject({ ok: true });
  expect(seen[1]).toEqual(seen[0]);
  const outside = describeError(await open.invoke(leak).catch((error: unknown) => error));
  expect(seen[0]).toEqual([true, outside, expect.any(String)]);
  expect(outside).toMatchObject({ code: "INVALID_PAYLOAD", issues: [{ path: ["rows", 0, "close"] }] });
});

test("B30 a refused batch inside a run makes no child, names the item, and is refused the same on replay", async () => {
  const child = defineChild();
  const { world, seen, runId, result } = await seenTwice(async () => {
    const refusals = [
      await child.batchInvoke([{ payload: { n: 1 } }, { payload: bad }]).catch((error: unknown) => error),
      await child
        .batchInvoke([
          { payload: { n: 1 }, options: { key: "a", idempotencyKey: "k" } },
          { payload: { n: 2 }, options: { key: "b", idempotencyKey: "k" } },
        ])
        .catch((error: unknown) => error),
      await child
        .batchInvokeAndWait([{ payload: { n: 1 } }, { payload: { n: 2 } }, { payload: { n: 3 }, options: { ttl: -1 } }])
        .catch((error: unknown) => error),
    ];
    const made = await child.batchInvoke([{ payload: { n: 1 } }, { payload: { n: 2 } }]);
    return [...refusals.map(describeError), ...made.map(({ id }) => id)];
  }, [child]);
  await using _ = world;
  expect(result).toMatchObject({ ok: true });
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toEqual([
    expect.objectContaining({ code: "INVALID_PAYLOAD", index: 1 }),
    expect.objectContaining({ code: "IDEMPOTENCY_CONFLICT", index: 1 }),
    expect.objectContaining({ code: "INVALID_OPTION", option: "ttl", index: 2 }),
    expect.any(String),
    expect.any(String),
  ]);
  expect((await world.engine.listRuns({ parent: runId })).runs).toHaveLength(2);
});

test("B30 a batch of which some children are kept names the item of the whole batch", async () => {
  const child = defineChild();
  const { world, seen } = await seenTwice(
    async (_io, execution) => {
      const good = [1, 2, 3].map((n) => ({ payload: { n }, options: { key: `item ${n}` } }));
      if (execution === 1) return (await child.batchInvoke(good)).length;
      return child
        .batchInvoke([...good, { payload: bad, options: { key: "new" } }])
        .catch((error: unknown) => (error instanceof InvalidPayloadError ? [error.index, error.message] : error));
    },
    [child],
  );
  await using _ = world;
  expect(seen).toEqual([3, [3, expect.stringMatching(/^Batch item 3: The payload does not fit job "child"/)]]);
});

test("B22 what a child's schema throws has lost its class in the first pass, as on replay", async () => {
  class Unreachable extends Error {
    override readonly name = "Unreachable";
    readonly host = "schemas.example";
  }
  const schema = z.number().refine((): boolean => {
    throw new Unreachable("nobody is there");
  });
  const broken = client.defineJob({
    id: "broken",
    name: "Broken",
    version: "1.0.0",
    trigger: invokeTrigger({ schema }),
    run: async (n) => n,
  });
  const { world, seen } = await seenTwice(
    async () => describeError(await broken.invoke(1).catch((error: unknown) => error)),
    [broken],
  );
  await using _ = world;
  expect(seen[0]).toMatchObject({ class: "Error", message: "nobody is there", host: "schemas.example" });
  expect(seen[1]).toEqual(seen[0]);
});

test("B22 a retry of the run makes a refused call anew", async () => {
  const child = defineChild();
  let limit = 1;
  const picky = client.defineJob({
    id: "picky",
    name: "Picky",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.number().refine((n) => n <= limit, "too large") }),
    run: async (n) => n,
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => [(await child.invoke({ n: 1 })).id, (await picky.invokeAndWait(5)).status],
  });
  await using world = await startWorld([parent, child, picky]);
  const run = await parent.invoke({});
  expect(await run.result()).toMatchObject({ ok: false, error: { name: "InvalidPayloadError" } });
  limit = 5;
  await world.engine.retry(run.id);
  expect(await run.output()).toEqual([expect.any(String), "SUCCESS"]);
  expect((await world.engine.listRuns({ job: "child" })).runs).toHaveLength(1);
});
