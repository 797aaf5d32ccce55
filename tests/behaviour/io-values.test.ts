import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO) => Promise<Output>, id = "job") {
  return client.defineJob({ id, name: id, version: "1.0.0", trigger: invokeTrigger(), run: (_payload, io) => run(io) });
}

test("B39 random, now and uuid are the same on every replay, and the time is that of the first execution", async () => {
  const seen: unknown[] = [];
  const job = defineJob(async (io) => {
    seen.push([await io.random("chance"), await io.now("time"), await io.uuid("id"), await io.random(["chance", 2])]);
    await io.wait("pause", "1h");
    return io.now("later");
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const start = one.clock.now();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start();
  const output = two.use(job).run(id).output();
  await two.clock.advance(3_600_000);
  expect(await output).toEqual(new Date(start + 3_600_000));
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toEqual([
    expect.any(Number),
    new Date(start),
    expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/),
    expect.any(Number),
  ]);
});

test("random lies from min to below max, by default 0 to 1; rounded it is whole and reaches both ends", async () => {
  const job = defineJob(async (io) => {
    const plain = await Promise.all(Array.from({ length: 50 }, (_, index) => io.random(["plain", index])));
    const dice = await Promise.all(
      Array.from({ length: 200 }, (_, index) => io.random(["dice", index], { min: 1, max: 6, round: true })),
    );
    const narrow = await io.random("narrow", { min: 5, max: 5 });
    const refused = await io.random("refused", { min: 2, max: 1 }).catch((error: unknown) => (error as Error).message);
    return { plain, dice, narrow, refused };
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const { plain, dice, narrow, refused } = await (await server.use(job).invoke({})).output();
  expect(plain.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(new Set(plain).size).toBe(50);
  expect(new Set(dice)).toEqual(new Set([1, 2, 3, 4, 5, 6]));
  expect(narrow).toBe(5);
  expect(refused).toContain("2 is above max, 1");
});

test.each([
  [{ min: 0.2, max: 0.8, round: true }, 'Option "round": no whole number lies from 0.2 to 0.8'],
  [{ max: Infinity }, 'Option "max": nothing can be picked from 0 to Infinity'],
  [{ min: -Number.MAX_VALUE, max: Number.MAX_VALUE }, 'Option "max": nothing can be picked'],
  [{ min: Number.NaN }, 'Option "max": nothing can be picked from NaN to 1'],
])("a random number of %j is refused", async (range, message) => {
  const job = defineJob((io) => io.random("refused", range));
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = await (await server.use(job).invoke({})).result();
  expect(result).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
});

test("parallel gives results in input order, each item in a scope of its own, and repeats no finished item", async () => {
  const ledger = createLedger();
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (payload: { n: number }) => payload.n * 10,
  });
  const job = defineJob(async (io) =>
    io.parallel("items", [3, 1, 2], async (n, index, inner) => {
      const doubled = await inner.runTask("double", () => {
        ledger.note(`double ${n}`);
        return n * 2;
      });
      await io.wait("same key in every item", n * 60);
      const fromChild = await child.invokeAndWait({ n });
      await io.runTask("after", () => ledger.note(`after ${n}`));
      return [index, doubled, fromChild.ok && fromChild.output];
    }),
  );
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  for (let minute = 1; minute <= 3; minute += 1) await server.clock.advance(60_000);
  expect(await output).toEqual([
    [0, 6, 30],
    [1, 2, 10],
    [2, 4, 20],
  ]);
  expect(ledger.entries).toEqual(["double 3", "double 1", "double 2", "after 1", "after 2", "after 3"]);
  expect((await server.engine.listRuns({ job: "child" })).runs).toHaveLength(3);
});

test("parallel over nothing gives nothing; an item's error is the call's, and an item that cannot be kept is named", async () => {
  const job = defineJob(async (io) => {
    const nothing = await io.parallel("nothing", [], () => 1);
    const failed = await io
      .parallel("failing", [1, 2], (n) => {
        if (n === 2) throw new Error(`item ${n}`);
        return n;
      })
      .catch((error: unknown) => (error as Error).message);
    const unkept = await io
      .parallel("unkept", [1], () => ({ call: () => 1 }))
      .catch((error: unknown) => (error as Error).message);
    return [nothing, failed, unkept];
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = await (await server.use(job).invoke({})).output();
  expect(output).toEqual([[], "item 2", expect.stringMatching(/unkept\/0.*\.call is a function/)]);
});

test("io.try is a plain try/catch, also across a park", async () => {
  const job = defineJob(async (io) => [
    await io.try(
      () => io.runTask("fails", () => Promise.reject(new Error("failed"))),
      async (error) => {
        await io.wait("pause", "1m");
        return (error as Error).message;
      },
    ),
    await io.try(
      () => "fine",
      () => "never",
    ),
    await io
      .try(
        () => Promise.reject(new Error("first")),
        () => Promise.reject(new Error("from the handler")),
      )
      .catch((error: unknown) => (error as Error).message),
  ]);
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  expect(await output).toEqual(["failed", "fine", "from the handler"]);
});

test("io.invoke is a step where the async context was lost", async () => {
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (payload: { n: number }, _io, ctx) => [payload.n, ctx.event.context, ctx.parent?.jobId],
  });
  // As in a library that calls back from a queue of its own: here the test, outside of any run, takes from it.
  const queue: (() => void)[] = [];
  const ledger = createLedger();
  const job = defineJob(
    (io) =>
      new Promise((resolve, reject) => {
        queue.push(() => {
          io.invoke(child, { n: 4 }, { context: "kept" })
            .then((run) => io.wait("pause", "1m").then(() => run.output()))
            .then(resolve, reject);
        });
        ledger.note("queued");
      }),
  );
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("queued");
  queue.shift()?.();
  await server.until(run.id, "WAITING");
  const output = run.output();
  const again = ledger.until("queued", 2);
  await server.clock.advance(60_000);
  await again;
  queue.shift()?.();
  expect(await output).toEqual([4, "kept", "job"]);
  expect((await server.engine.listRuns({ job: "child" })).runs).toHaveLength(1);
});
