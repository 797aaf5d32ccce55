import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import type { RunContext } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(id: string, run: (io: IO, ctx: RunContext) => Promise<Output>) {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io, ctx) => run(io, ctx),
  });
}

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload: { pause?: `${number}s`; fails?: boolean }, io) => {
    if (payload.pause !== undefined) await io.wait("pause", payload.pause);
    if (payload.fails === true) throw new Error("the child failed");
    return "child";
  },
});

test("B36 Promise.all over tasks, waits and children gives every value, and each was made once", async () => {
  const ledger = createLedger();
  const slow = createGate();
  const job = defineJob("all", (io) =>
    Promise.all([
      io.runTask("quick", () => (ledger.note("quick"), 1)),
      io.wait("minute", "1m"),
      io.runTask("slow", async () => {
        ledger.note("slow");
        await slow.passed;
        return 2;
      }),
      child.invokeAndWait({ pause: "90s" }, { key: "child" }),
      io.wait("second", "1s"),
    ]),
  );
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await ledger.until("slow");
  // A task is under way, so the run is executing, though its waits pass.
  await server.clock.advance(1_500);
  expect((await server.engine.readRun(run.id)).status).toBe("EXECUTING");
  slow.open();
  await server.until(run.id, "WAITING");
  await server.clock.advance(90_000);
  expect(await output).toMatchObject([1, undefined, 2, { ok: true, output: "child" }, undefined]);
  expect(ledger.entries).toEqual(["quick", "slow"]);
  expect((await server.engine.listRuns({ job: "child" })).runs).toHaveLength(1);
});

test("B36 a run parks only when all that is outstanding are waits, and then holds no slot", async () => {
  const ledger = createLedger();
  const task = createGate();
  const job = defineJob("parks", async (io) => {
    ledger.note("from the top");
    await Promise.all([io.wait("a", "1h"), io.runTask("task", () => task.passed)]);
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "EXECUTING");
  await server.clock.tick();
  expect(server.engine.health().executing).toBe(1);
  task.open();
  await server.until(run.id, "WAITING");
  await server.clock.tick();
  expect(server.engine.health().executing).toBe(0);
  const result = run.result();
  await server.clock.advance(3_600_000);
  expect(await result).toMatchObject({ ok: true, executionCount: 2 });
  expect(ledger.entries).toHaveLength(2);
});

test("B36 try/catch around what fails behaves as plain code, also across a park", async () => {
  const job = defineJob("catches", async (io) => {
    const seen: string[] = [];
    const trying = async (what: string, call: () => Promise<unknown>): Promise<void> => {
      try {
        await call();
        seen.push(`${what} went well`);
      } catch (error) {
        seen.push(`${what}: ${(error as Error).message}`);
      } finally {
        seen.push(`finally ${what}`);
      }
    };
    await trying("task", () => io.runTask("task", () => Promise.reject(new Error("task failed"))));
    await trying("child", async () => (await child.invoke({ fails: true, pause: "5s" })).output());
    await trying("signal", () => io.waitForSignal("signal", "never", { timeout: "5s" }));
    await trying("all", () =>
      Promise.all([io.wait("long", "1h"), io.runTask("second", () => Promise.reject(new Error("second failed")))]),
    );
    await trying("wait", () => io.wait("wait", "5s"));
    return seen;
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  expect(await output).toEqual([
    "task: task failed",
    "finally task",
    "child: the child failed",
    "finally child",
    'signal: The wait "signal" timed out: what it waited for did not happen in time.',
    "finally signal",
    "all: second failed",
    "finally all",
    "wait went well",
    "finally wait",
  ]);
});

test("B36 a race over waits has the same winner on every replay, however late the others come", async () => {
  const winners: string[] = [];
  const job = defineJob("race", async (io) => {
    const winner = await Promise.race([
      io.waitForSignal("approval", "approval").then(() => "approved"),
      child.invokeAndWait({ pause: "30s" }, { key: "child" }).then(() => "child"),
      io.wait("deadline", "10s").then(() => "late"),
    ]);
    winners.push(winner);
    await io.wait("between", "1m");
    return winner;
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(11_000);
  // Both losers come while the run waits for something else: on replay all three are there.
  await server.engine.sendSignal({ name: "approval" });
  await server.clock.advance(120_000);
  expect(await output).toBe("late");
  expect(winners.length).toBeGreaterThan(1);
  expect(new Set(winners)).toEqual(new Set(["late"]));
});

test("B36 a race over tasks has the same winner on every replay, also where both ended in one instant", async () => {
  const winners: string[] = [];
  const first = createGate();
  const job = defineJob("tasks", async (io) => {
    const winner = await Promise.race([
      io.runTask("called first", () => first.passed.then(() => "called first")),
      io.runTask("ends first", () => "ends first"),
    ]);
    first.open();
    winners.push(winner);
    await io.runTask("next", () => undefined);
    await io.wait("pause", "1m");
    return winner;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  expect(await output).toBe("ends first");
  expect(winners).toEqual(["ends first", "ends first"]);
});

test("B36 a frame that was let go runs no finally, writes nothing, and sees no abort", async () => {
  const ledger = createLedger();
  const outside = createGate();
  const job = defineJob("abandoned", async (io, ctx) => {
    const isFirst = ledger.count("begins") === 0;
    ledger.note("begins");
    const name = isFirst ? "first frame" : "second frame";
    ctx.signal.addEventListener("abort", () => ledger.note(`${name} aborted`));
    const side = async (): Promise<void> => {
      if (!isFirst) return;
      await outside.passed;
      io.logger.info("from the frame that was let go");
      ledger.note("goes on to its next call");
      await io.runTask("too late", () => ledger.note("a task of the frame that was let go"));
    };
    try {
      await Promise.all([io.wait("hour", "1h"), side()]);
      await io.wait("second", "1h");
    } finally {
      ledger.note(`${name} finally`);
    }
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const before = (await server.eventsOf(run.id)).length;
  outside.open();
  await ledger.until("goes on to its next call");
  await server.clock.tick();
  expect(await server.eventsOf(run.id)).toHaveLength(before);
  expect(await server.engine.readTasks(run.id)).toHaveLength(1);
  const result = run.result();
  await server.clock.advance(3_600_000);
  await server.until(run.id, "WAITING", 2);
  await run.cancel();
  expect(await result).toMatchObject({ status: "CANCELED" });
  await server.clock.tick();
  expect(ledger.entries).toEqual(["begins", "goes on to its next call", "begins"]);
});

test("B36 what a function did not wait for when it returned is let go: it writes nothing and takes nothing down", async () => {
  const ledger = createLedger();
  const late = createGate();
  const job = defineJob("floating", async (io, ctx) => {
    ctx.signal.addEventListener("abort", () => ledger.note("aborted"));
    void io.wait("never awaited", "1h");
    void io.runTask("never awaited task", () => late.passed.then(() => ledger.note("task ended")));
    await io.runTask("awaited", () => undefined);
    return "done";
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.output()).toBe("done");
  const before = await server.eventsOf(run.id);
  late.open();
  await ledger.until("task ended");
  await server.clock.advance(7_200_000);
  expect(await server.eventsOf(run.id)).toEqual(before);
  expect(ledger.entries).toEqual(["task ended"]);
});

test("B36 waits inside a task keep the slot, resolve, and leave the task running", async () => {
  const ledger = createLedger();
  const job = defineJob("nested", (io) =>
    io.runTask("outer", async (_task, inner) => {
      ledger.note("outer");
      await inner.wait("minute", "1m");
      const result = await child.invokeAndWait({ pause: "30s" });
      const signal = await inner.waitForSignal("go", "go");
      return [result.ok && result.output, signal];
    }),
  );
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await ledger.until("outer");
  await server.clock.advance(59_999);
  expect(server.engine.health().executing).toBe(1);
  expect((await server.engine.readRun(run.id)).status).toBe("EXECUTING");
  await server.clock.advance(40_000);
  await server.engine.sendSignal({ name: "go", payload: 7 });
  expect(await output).toEqual(["child", 7]);
  expect(ledger.entries).toEqual(["outer"]);
  expect((await run.result()).executionCount).toBe(1);
});
