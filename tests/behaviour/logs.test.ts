import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld, type Process } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(
  run: (io: IO, attempt: number) => unknown,
  options: { readonly logLevel?: "debug" | "info" | "warn" | "error"; readonly retry?: { limit: number } } = {},
) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    ...options,
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

async function messagesOf(server: Process, runId: string): Promise<readonly string[]> {
  return (await server.engine.readLogs({ runId })).map(({ level, message }) => `${level} ${message}`);
}

test("messages are kept with their level, data, time and task, in the order they were written", async () => {
  const job = defineJob(async (io) => {
    io.logger.info("begins", { at: new Date(1), big: 5n });
    await io.runTask("work", (_task, inner) => {
      inner.logger.warn("inside");
      io.logger.error("inside, through the outer io");
    });
    io.logger.error("ends");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  const logs = await server.engine.readLogs({ runId: run.id });
  const task = (await server.engine.readTasks(run.id))[0];
  expect(logs).toMatchObject([
    {
      level: "info",
      message: "begins",
      data: { at: new Date(1), big: 5n },
      taskId: null,
      at: new Date(server.clock.now()),
    },
    { level: "warn", message: "inside", data: undefined, taskId: task?.id },
    { level: "error", message: "inside, through the outer io", taskId: task?.id },
    { level: "error", message: "ends", taskId: null },
  ]);
  expect(logs.map(({ seq }) => seq)).toEqual(logs.map(({ seq }) => seq).toSorted((one, other) => one - other));
  const [, ...rest] = await server.engine.readLogs({ runId: run.id });
  expect(await server.engine.readLogs({ runId: run.id, after: logs[0]?.seq })).toEqual(rest);
});

function writeAll(io: IO): void {
  io.logger.debug("d");
  io.logger.info("i");
  io.logger.warn("w");
  io.logger.error("e");
}

test.each([
  [undefined, ["info i", "warn w", "error e"]],
  ["debug", ["debug d", "info i", "warn w", "error e"]],
  ["warn", ["warn w", "error e"]],
  ["error", ["error e"]],
] as const)("logLevel %s keeps these and nothing below", async (logLevel, kept) => {
  const job = defineJob(writeAll, logLevel === undefined ? {} : { logLevel });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  expect(await messagesOf(server, run.id)).toEqual(kept);
});

test("B39 messages are not repeated on replay: outside of tasks, inside of them, and across a restart", async () => {
  const job = defineJob(async (io) => {
    for (let turn = 1; turn <= 3; turn += 1) {
      io.logger.info(`before ${turn}`);
      await io.runTask(["work", turn], () => io.logger.info(`work ${turn}`));
      await io.wait(["pause", turn], "1m");
      io.logger.info(`after ${turn}`);
    }
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  const parked = one.until(id, "WAITING", 2);
  await one.clock.advance(60_000);
  await parked;
  one.kill();
  const two = await world.start();
  const result = two.use(job).run(id).result();
  await two.clock.advance(60_000);
  await two.clock.advance(60_000);
  await result;
  const turns = [1, 2, 3].flatMap((turn) => [`info before ${turn}`, `info work ${turn}`, `info after ${turn}`]);
  expect(await messagesOf(two, id)).toEqual(turns);
});

test("B39 a new attempt of a task or of the run writes its own messages", async () => {
  const job = defineJob(
    async (io, attempt) => {
      io.logger.info(`run ${attempt}`);
      await io.runTask(
        "work",
        (task) => {
          io.logger.info(`task ${task.attempt} of run ${attempt}`);
          if (task.attempt === 1 || attempt === 1) throw new Error("again");
        },
        { retry: { limit: 2, minTimeoutInMs: 0 } },
      );
    },
    { retry: { limit: 2 } },
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const result = run.result();
  await server.clock.advance(60_000);
  expect((await result).ok).toBe(true);
  const own = (await messagesOf(server, run.id)).filter((message) => message.startsWith("info"));
  expect(own).toEqual([
    "info run 1",
    "info task 1 of run 1",
    "info task 2 of run 1",
    "info run 2",
    "info task 1 of run 2",
    "info task 2 of run 2",
  ]);
});

/** A job whose task succeeds at its second attempt and whose run at its second. */
function defineStumbling(logLevel: "warn" | "error") {
  return defineJob(
    async (io, attempt) => {
      await io.runTask(
        "call",
        (task) => {
          if (task.attempt === 1) throw new RangeError("too far");
        },
        { retry: { limit: 2, minTimeoutInMs: 60_000, randomize: false } },
      );
      if (attempt === 1) throw new Error("not yet");
    },
    { retry: { limit: 2 }, logLevel },
  );
}

test("B34 why an attempt failed is kept though a later one succeeds, of a task and of the run, and once over a crash", async () => {
  const job = defineStumbling("warn");
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start();
  const result = two.use(job).run(id).result();
  await two.until(id, "WAITING");
  await two.clock.advance(60_000);
  await two.clock.advance(60_000);
  expect((await result).ok).toBe(true);
  const call = (await two.engine.readTasks(id))[0];
  expect(await two.engine.readLogs({ runId: id })).toMatchObject([
    {
      level: "warn",
      taskId: call?.id,
      message: "Attempt 1 failed: RangeError: too far; attempt 2 starts at 2026-01-01T00:01:00.000Z.",
      data: { name: "RangeError", message: "too far", stack: expect.stringContaining("too far") },
    },
    {
      level: "warn",
      taskId: null,
      message: expect.stringMatching(/^Attempt 1 failed: not yet; attempt 2 starts at 2026-/),
      data: { code: "UNCAUGHT", name: "Error", message: "not yet", stack: expect.stringContaining("not yet") },
    },
  ]);
});

test("a job that keeps errors only is not told why its attempts failed", async () => {
  const job = defineStumbling("error");
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  await server.clock.advance(60_000);
  await server.clock.advance(60_000);
  expect((await run.result()).ok).toBe(true);
  expect(await messagesOf(server, run.id)).toEqual([]);
});

test("messages of a task that still runs are there to be read", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = defineJob((io) =>
    io.runTask("long", () => {
      io.logger.info("on my way");
      ledger.note("written");
      return end.passed;
    }),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("written");
  await server.clock.tick();
  expect(await messagesOf(server, run.id)).toEqual(["info on my way"]);
  end.open();
});

test("data that cannot be kept does not fail the run: the message stays, and says why", async () => {
  const job = defineJob((io) => io.logger.info("with a function", { call: () => undefined }));
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect((await run.result()).ok).toBe(true);
  expect(await server.engine.readLogs({ runId: run.id })).toMatchObject([
    { message: "with a function", data: expect.stringMatching(/^\[not kept: .*call is a function/) },
  ]);
});

test("a run that fails or is canceled keeps the messages written before", async () => {
  const job = defineJob(async (io) => {
    io.logger.info("last words");
    throw new Error("failed");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  expect(await messagesOf(server, run.id)).toEqual(["info last words"]);
  await expect(server.engine.readLogs({ runId: "run_nothing" })).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a message that is no text is kept as one, a caught error by its name and with its stack, and no run fails for it", async () => {
  const job = defineJob(async (io) => {
    // As plain JavaScript may call it.
    const write = (message: unknown, data?: unknown): void => io.logger.info(message as string, data);
    await io.runTask("fails", () => Promise.reject(new RangeError("too far"))).catch((error: unknown) => write(error));
    for (const message of [{ a: 1 }, 5, undefined, null, 10n, ["list"]]) write(message);
    write(new Error("with data"), { more: true });
    return "handled";
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.output()).toBe("handled");
  const messages = ["RangeError: too far", '{"a":1}', "5", "undefined", "null", "10n", '["list"]', "Error: with data"];
  expect(await messagesOf(server, run.id)).toEqual(messages.map((message) => `info ${message}`));
  const [caught, ...others] = await server.engine.readLogs({ runId: run.id });
  expect(caught?.data).toMatchObject({ name: "RangeError", stack: expect.stringContaining("too far") });
  expect(others.at(-1)?.data).toEqual({ more: true });
});
