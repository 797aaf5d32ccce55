import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import type { AbortReason, RunContext } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO, ctx: RunContext) => Output | Promise<Output>, id = "job") {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io, ctx) => run(io, ctx),
  });
}

/*
 * A process that was taken for dead and is not: its runs are executed by another by the time it goes on.
 */

test("B44 a stale worker's late result, output and error are refused: the run is its new owner's", async () => {
  const ledger = createLedger();
  const late = createGate();
  const job = defineJob(async (io) => {
    const isStale = ledger.entries.length === 0;
    ledger.note("begins");
    const value = await io.runTask("work", async () => {
      if (isStale) await late.passed;
      return isStale ? "stale" : "fresh";
    });
    await io.runTask("next", () => ledger.note(isStale ? "stale next" : "next"));
    return value;
  });
  await using world = await createWorld([job]);
  const stale = await world.start();
  const { id } = await stale.use(job).invoke({});
  await ledger.until("begins");
  await stale.clock.tick();
  stale.kill();
  const fresh = await world.start();
  expect(await fresh.use(job).run(id).output()).toBe("fresh");
  const events = await fresh.eventsOf(id);
  late.open();
  await stale.clock.tick();
  expect(await fresh.eventsOf(id)).toEqual(events);
  expect(await fresh.engine.readRun(id)).toMatchObject({ status: "SUCCESS", output: "fresh", executionCount: 2 });
  expect(ledger.entries).toEqual(["begins", "begins", "next"]);
});

test("B44 a stale worker learns that it is one: its signal aborts with the lost lease, and its calls reject", async () => {
  const ledger = createLedger();
  const [hold, late] = [createGate(), createGate()];
  const job = defineJob(async (io, ctx) => {
    const name = ledger.entries.length === 0 ? "stale" : "fresh";
    ledger.note(name);
    ctx.signal.addEventListener("abort", () => ledger.note(`${name}: ${(ctx.signal.reason as AbortReason).kind}`));
    if (name === "fresh") return hold.passed;
    await late.passed;
    return io
      .runTask("late", () => ledger.note("late task"))
      .catch((error: unknown) => {
        ledger.note(`rejected: ${(error as AbortReason).kind}`);
      });
  });
  await using world = await createWorld([job]);
  const stale = await world.start();
  const { id } = await stale.use(job).invoke({});
  await ledger.until("stale");
  stale.kill();
  const fresh = await world.start();
  await ledger.until("fresh");
  // By the other's commit.
  await ledger.until("stale: lost-lease");
  late.open();
  await ledger.until("rejected: lost-lease");
  hold.open();
  expect((await fresh.use(job).run(id).result()).ok).toBe(true);
  expect(ledger.entries).not.toContain("late task");
});

test("B44 a stale worker makes no children, sends no signals, parks and fails nothing", async () => {
  const ledger = createLedger();
  const late = createGate();
  const child = defineJob(() => "child", "child");
  const defineLate = (id: string, act: (io: IO) => Promise<unknown>) =>
    defineJob(async (io) => {
      const isStale = ledger.count(`${id} begins`) === 0;
      ledger.note(`${id} begins`);
      if (!isStale) return "fresh";
      await late.passed;
      return act(io).finally(() => ledger.note(`${id} tried`));
    }, id);
  const acts = {
    invokes: () => child.invoke({}),
    signals: (io: IO) => io.sendSignal("send", "late"),
    waits: (io: IO) => io.wait("pause", "1h"),
    fails: () => Promise.reject(new Error("stale")),
  };
  const jobs = Object.entries(acts).map(([id, act]) => defineLate(id, act));
  await using world = await createWorld([...jobs, child]);
  const stale = await world.start();
  for (const job of jobs) {
    await stale.use(job).invoke({});
    await ledger.until(`${job.id} begins`);
  }
  stale.kill();
  const fresh = await world.start();
  for (const job of jobs) await ledger.until(`${job.id} begins`, 2);
  late.open();
  for (const job of jobs) await ledger.until(`${job.id} tried`);
  await stale.clock.tick();
  const { runs } = await fresh.engine.listRuns({});
  expect(runs.map(({ job, status }) => `${job.id} ${status}`).toSorted()).toEqual([
    "fails SUCCESS",
    "invokes SUCCESS",
    "signals SUCCESS",
    "waits SUCCESS",
  ]);
  expect(await fresh.engine.sendSignal({ name: "late" })).toBe("kept");
});

test("B44 deaths are counted in a row: an execution that ends in good order counts them anew", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    await io.runTask("first", () => {
      ledger.note("first");
      return ledger.count("first") <= 4 ? createGate().passed : undefined;
    });
    await io.wait("pause", "1m");
    await io.runTask("second", () => {
      ledger.note("second");
      return ledger.count("second") <= 4 ? createGate().passed : undefined;
    });
    return "done";
  });
  await using world = await createWorld([job]);
  let server = await world.start();
  const { id } = await server.use(job).invoke({});
  for (let death = 1; death <= 4; death += 1) {
    await ledger.until("first", death);
    await server.clock.tick();
    server.kill();
    server = await world.start();
  }
  await server.until(id, "WAITING");
  await server.clock.advance(60_000);
  for (let death = 1; death <= 4; death += 1) {
    await ledger.until("second", death);
    await server.clock.tick();
    server.kill();
    server = await world.start();
  }
  expect(await server.use(job).run(id).output()).toBe("done");
});

test("B44 a POISONED run that is retried by hand may die again before it is given up", async () => {
  const ledger = createLedger();
  const job = defineJob(async () => {
    ledger.note("begins");
    if (ledger.count("begins") <= 6) await createGate().passed;
    return "done";
  });
  await using world = await createWorld([job]);
  let server = await world.start();
  const { id } = await server.use(job).invoke({});
  for (let death = 1; death <= 5; death += 1) {
    await ledger.until("begins", death);
    server.kill();
    server = await world.start();
  }
  expect(await server.use(job).run(id).result()).toMatchObject({ error: { code: "POISONED" } });
  await server.engine.retry(id);
  await ledger.until("begins", 6);
  server.kill();
  server = await world.start();
  expect(await server.use(job).run(id).output()).toBe("done");
});
