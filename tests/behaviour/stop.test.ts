import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import type { AbortReason, RunContext } from "@beckon/core/runtime";
import { createMemoryStore, startTestEngine } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";
import { watchStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO, ctx: RunContext) => Output | Promise<Output>, concurrencyLimit?: number) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit,
    run: (_payload, io, ctx) => run(io, ctx),
  });
}

test("B43 stop waits for the running step and leaves the next one to the successor, at no attempt's cost", async () => {
  const ledger = createLedger();
  const step = createGate();
  const job = defineJob(async (io, ctx) => {
    ctx.signal.addEventListener("abort", () => ledger.note("aborted"));
    await io.runTask("first", () => {
      ledger.note("first");
      return step.passed;
    });
    await io.runTask("second", () => ledger.note("second"));
    return ctx.run.attempt;
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke({});
  await ledger.until("first");
  let isStopped = false;
  const stopped = one.stop({ timeoutMs: 30_000 }).then(() => (isStopped = true));
  await one.clock.advance(20_000);
  expect(isStopped).toBe(false);
  expect(one.engine.health()).toMatchObject({ isDraining: true, isReady: false, executing: 1 });
  step.open();
  await stopped;
  expect(ledger.entries).toEqual(["first"]);
  expect(await one.engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });

  const two = await world.start();
  expect(await two.use(job).run(run.id).output()).toBe(1);
  expect(ledger.entries).toEqual(["first", "second"]);
});

test("B43 a run whose last step finishes while the server drains ends there", async () => {
  const ledger = createLedger();
  const step = createGate();
  const job = defineJob(async (io) => {
    await io.runTask("only", () => {
      ledger.note("only");
      return step.passed;
    });
    return "done";
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("only");
  const stopped = server.stop();
  step.open();
  await stopped;
  expect(await server.engine.readRun(run.id)).toMatchObject({ status: "SUCCESS", output: "done" });
});

test("B43 what lies inside a running task is part of it: its steps begin and its waits pass while the server drains", async () => {
  const ledger = createLedger();
  const begin = createGate();
  const job = defineJob(async (io) => {
    await io.runTask("outer", async (_task, inner) => {
      ledger.note("outer");
      await begin.passed;
      await inner.runTask("inner", () => ledger.note("inner"));
      await inner.wait("moment", "5s");
      await inner.runTask(
        "flaky",
        ({ attempt }) => {
          if (attempt === 1) throw new Error("once");
        },
        {
          retry: { minTimeoutInMs: 5_000, randomize: false },
        },
      );
      ledger.note("outer ended");
    });
    await io.runTask("next", () => ledger.note("next"));
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke({});
  await ledger.until("outer");
  const stopped = one.stop({ timeoutMs: 30_000 });
  begin.open();
  await ledger.until("inner");
  await one.clock.advance(10_000);
  await stopped;
  expect(ledger.entries).toEqual(["outer", "inner", "outer ended"]);
  const two = await world.start();
  await two.use(job).run(run.id).output();
  expect(ledger.entries).toEqual(["outer", "inner", "outer ended", "next"]);
});

test("B43 at the deadline the signal aborts, and the run is given back: no FAILURE, no attempt spent", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "stubborn",
    name: "Stubborn",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 2 },
    run: async (_payload, io, ctx) => {
      ledger.note(`attempt ${ctx.run.attempt}`);
      if (ledger.entries.length > 1) return "done";
      return io.runTask("slow", async (task) => {
        await new Promise<void>((resolve) => task.signal.addEventListener("abort", () => resolve()));
        ledger.note(`aborted: ${(task.signal.reason as AbortReason).kind}`);
        throw task.signal.reason;
      });
    },
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke({});
  await ledger.until("attempt 1");
  await one.clock.tick();
  const stopped = one.stop({ timeoutMs: 30_000 });
  await one.clock.advance(29_999);
  expect(ledger.entries).toEqual(["attempt 1"]);
  await one.clock.advance(1);
  await stopped;
  expect(ledger.entries).toEqual(["attempt 1", "aborted: shutdown"]);
  expect(await one.engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1, error: null });
  const two = await world.start();
  expect(await two.use(job).run(run.id).output()).toBe("done");
  expect(ledger.entries.at(-1)).toBe("attempt 1");
});

test("B43 stop ends at its deadline, though a function heeds no signal", async () => {
  const ledger = createLedger();
  const never = createGate();
  const job = defineJob(async () => {
    ledger.note("begins");
    await never.passed;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const [canceled, executing] = [await server.use(job).invoke({}), await server.use(job).invoke({})];
  await ledger.until("begins", 2);
  await canceled.cancel();
  const stopped = server.stop({ timeoutMs: 1_000 });
  await server.clock.advance(1_000);
  await stopped;
  expect((await server.engine.readRun(executing.id)).status).toBe("QUEUED");
  expect((await server.engine.readRun(canceled.id)).status).toBe("CANCELED");
  never.open();
});

test("B43 waits stay durable over a stop, which does not wait for them", async () => {
  const job = defineJob(async (io) => {
    await io.wait("day", "1d");
    return "waited";
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke({});
  await one.until(run.id, "WAITING");
  await one.stop();
  const two = await world.start();
  const output = two.use(job).run(run.id).output();
  await two.clock.advance(86_399_999);
  expect((await two.engine.readRun(run.id)).status).toBe("WAITING");
  await two.clock.advance(1);
  expect(await output).toBe("waited");
});

test("B43 while it drains nothing is claimed; what is invoked then waits for the successor, limits' places included", async () => {
  const ledger = createLedger();
  const step = createGate();
  const job = defineJob(async (io) => {
    await io.runTask("step", () => {
      ledger.note("step");
      return step.passed;
    });
  }, 1);
  await using world = await createWorld([job]);
  const one = await world.start();
  const first = await one.use(job).invoke({});
  await ledger.until("step");
  const stopped = one.stop();
  const second = await one.use(job).invoke({});
  step.open();
  await stopped;
  expect((await one.engine.readRun(first.id)).status).toBe("SUCCESS");
  expect(await one.engine.readRun(second.id)).toMatchObject({ status: "QUEUED", executionCount: 0 });
  const two = await world.start();
  expect((await two.use(job).run(second.id).result()).ok).toBe(true);
});

test("B43 five deploys in a row that interrupt a run do not make it POISONED", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io, ctx) => {
    ledger.note("begins");
    if (ledger.count("begins") > 6) return [ctx.run.attempt, "done"];
    return io.runTask("hangs", () => createGate().passed);
  });
  await using world = await createWorld([job]);
  let id = "";
  for (let deploy = 1; deploy <= 6; deploy += 1) {
    const server = await world.start();
    if (deploy === 1) ({ id } = await server.use(job).invoke({}));
    await ledger.until("begins", deploy);
    await server.clock.tick();
    await server.stop({ timeoutMs: 0 });
  }
  const last = await world.start();
  expect(await last.use(job).run(id).output()).toEqual([1, "done"]);
});

test("B43 a function that outlives its run and its server asks nothing of the store any more", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const real = createMemoryStore();
  const asked: string[] = [];
  let isStopped = false;
  const store = watchStore(real, (verb) => {
    if (isStopped) asked.push(verb);
  });
  const job = defineJob(() => {
    ledger.note("begins");
    return gate.passed;
  }, 1);
  const world = await startTestEngine([job], { store });
  const run = await job.invoke({});
  await ledger.until("begins");
  await run.cancel();
  await world.engine.stop({ timeoutMs: 0 });
  isStopped = true;
  gate.open();
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
  expect(asked).toEqual([]);
  // Its limit's place was freed when its worker left.
  expect(await real.listLimits({ limit: 9, countTo: 9 })).toMatchObject([{ taken: 0 }]);
});
