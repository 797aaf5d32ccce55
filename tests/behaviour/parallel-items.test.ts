import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import type { AbortReason } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

const retry = { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false };

function defineJob<Output>(
  run: (io: IO) => Output | Promise<Output>,
  options: { readonly retry?: typeof retry | undefined } = {},
) {
  return client.defineJob({
    ...options,
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

const kindOf = (error: unknown): string => (error as AbortReason).kind;

for (const [how, kind] of [
  ["cancel", "canceled"],
  ["stop's deadline", "shutdown"],
] as const)
  test(`B43 io.parallel begins no item after a ${how}, and rejects with the reason`, async () => {
    const ledger = createLedger();
    const end = createGate();
    const job = defineJob(async (io) => {
      await io.runTask("work", () => (ledger.note("working"), end.passed)).catch(kindOf);
      await io
        .parallel("items", [1, 2], (item) => ledger.note(`item ${item}`))
        .catch((error) => ledger.note(kindOf(error)));
    });
    await using world = await createWorld([job]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await ledger.until("working");
    const ended = how === "cancel" ? run.cancel() : server.stop({ timeoutMs: 0 });
    await server.clock.tick();
    end.open();
    await ledger.until(kind);
    await ended;
    expect(ledger.entries).toEqual(["working", kind]);
  });

test("B43 io.parallel leaves its items to the successor while the server drains", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = defineJob(async (io) => {
    await io.runTask("work", () => (ledger.note("working"), end.passed));
    return io.parallel("items", [1, 2], (item) => (ledger.note(`item ${item}`), item));
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke({});
  await ledger.until("working");
  const stopped = one.stop({ timeoutMs: 30_000 });
  end.open();
  await stopped;
  expect(ledger.entries).toEqual(["working"]);
  expect(await one.engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });
  const two = await world.start();
  expect(await two.use(job).run(run.id).output()).toEqual([1, 2]);
});

test("B36 io.parallel begins no item in an attempt of a task that has timed out", async () => {
  const ledger = createLedger();
  const [late, kept] = [createGate(), createGate()];
  const job = defineJob(async (io) => {
    const other = io.runTask("other", () => kept.passed);
    const work = io.runTask(
      "work",
      async (_task, inner) => {
        ledger.note("working");
        await late.passed;
        ledger.note("late");
        return inner.parallel("items", [1, 2], (item) => ledger.note(`item ${item}`));
      },
      { timeout: "2s" },
    );
    const failure = await work.catch((error: Error) => error.name);
    await io.runTask("after", () => {
      ledger.note("timed out");
    });
    await other;
    return failure;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("working");
  await server.clock.advance(2_000);
  await ledger.until("timed out");
  late.open();
  await ledger.until("late");
  await server.clock.tick();
  kept.open();
  expect(await run.output()).toBe("AbortReason");
  expect(ledger.entries).toEqual(["working", "timed out", "late"]);
});

/** Fails when it is invoked with "bad" for the first time. */
function defineFlaky(ledger: ReturnType<typeof createLedger>) {
  return client.defineJob({
    id: "flaky",
    name: "Flaky",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: (name) => {
      ledger.note(name);
      if (name === "bad" && ledger.count("bad") === 1) throw new Error("The first time.");
      return name;
    },
  });
}

for (const how of ["a retry", "Retry by hand", "a retry of the task around it"])
  test(`B22 ${how} makes an item again that kept a child which ended not ok, and no other child`, async () => {
    const ledger = createLedger();
    const flaky = defineFlaky(ledger);
    const invokeAll = async (io: IO) => {
      const results = await io.parallel("items", ["good", "bad"], (name) => flaky.invokeAndWait(name));
      return results.map((result) => {
        if (!result.ok) throw new Error("A child has not ended well.");
        return result.output;
      });
    };
    const inTask = (io: IO) => io.runTask("all", (_task, own) => invokeAll(own), { retry });
    const job = how.endsWith("it") ? defineJob(inTask) : defineJob(invokeAll, how === "a retry" ? { retry } : {});
    await using world = await createWorld([job, flaky]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await ledger.until("bad");
    if (how === "Retry by hand") {
      await server.until(run.id, "FAILURE");
      await server.engine.retry(run.id);
    } else {
      await server.until(run.id, how === "a retry" ? "DELAYED" : "WAITING");
      await server.clock.advance(1_000);
    }
    expect(await run.output()).toEqual(["good", "bad"]);
    expect(ledger.entries.toSorted()).toEqual(["bad", "bad", "good"]);
  });

test("B22 an item that returns what its task failed with is made again in a new attempt; finished tasks in it are not", async () => {
  const ledger = createLedger();
  const flaky = () => {
    ledger.note("flaky");
    if (ledger.count("flaky") === 1) throw new Error("The first time.");
    return "done";
  };
  const job = defineJob(
    async (io) => {
      const [first] = await io.parallel("items", ["one"], async (_name, _index, own) => {
        await own.runTask("fine", () => ledger.note("fine"));
        return own.runTask("flaky", flaky).catch(() => "failed");
      });
      if (first === "failed") throw new Error("An item has failed.");
      return first;
    },
    { retry },
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "DELAYED");
  const before = await server.eventsOf(run.id);
  await server.clock.advance(1_000);
  expect(await run.output()).toBe("done");
  expect(ledger.entries).toEqual(["fine", "flaky", "flaky"]);
  expect((await server.eventsOf(run.id)).slice(0, before.length)).toEqual(before);
});
