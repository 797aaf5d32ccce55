import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO, LogLevel, Task } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld, type Process } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob(run: (io: IO) => unknown, logLevel: LogLevel = "info") {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    logLevel,
    run: (_payload, io) => run(io),
  });
}

async function messagesOf(server: Process, runId: string): Promise<readonly string[]> {
  return (await server.engine.readLogs({ runId })).map(({ level, message }) => `${level} ${message.split(":")[0]}`);
}

/** A task in two attempts, a minute apart. */
function inTwoAttempts(io: IO, run: (task: Task, io: IO) => unknown): Promise<unknown> {
  return io.runTask("outer", run, { retry: { limit: 2, minTimeoutInMs: 60_000, randomize: false } });
}

/** What fails in the first attempt of the task around it. */
function failOnce({ attempt }: Task): void {
  if (attempt === 1) throw new Error(`in outer ${attempt}`);
}

async function messagesOverPause(run: (task: Task, io: IO) => unknown): Promise<readonly string[]> {
  const job = defineJob((io) => inTwoAttempts(io, run));
  await using world = await createWorld([job]);
  const server = await world.start();
  const made = await server.use(job).invoke({});
  const result = made.result();
  await server.until(made.id, "WAITING");
  await server.clock.advance(60_000);
  expect((await result).ok).toBe(true);
  return await messagesOf(server, made.id);
}

test("B34 a task inside a task writes its messages again in each attempt of the task around it", async () => {
  const messages = await messagesOverPause((outer, io) => {
    io.logger.info(`outer ${outer.attempt}`);
    return io.runTask("inner", (_task, inner) => {
      inner.logger.info(`inner in outer ${outer.attempt}`);
      failOnce(outer);
    });
  });
  expect(messages).toEqual([
    "info outer 1",
    "info inner in outer 1",
    "warn Attempt 1 failed",
    "info outer 2",
    "info inner in outer 2",
  ]);
});

test("B34 why the attempts of a task inside a task failed is told in each attempt of the task around it", async () => {
  const messages = await messagesOverPause((outer, io) =>
    io.runTask(
      "inner",
      (task) => {
        if (task.attempt === 1 || outer.attempt === 1) throw new Error(`in outer ${outer.attempt}`);
      },
      { retry: { limit: 2, minTimeoutInMs: 0 } },
    ),
  );
  // Of the inner task in the outer one's first attempt, of the outer one, and of the inner task in the second attempt.
  expect(messages).toEqual(["warn Attempt 1 failed", "warn Attempt 1 failed", "warn Attempt 1 failed"]);
});

test("B34 the items of io.parallel and an onError write their messages again in each attempt of the task around them", async () => {
  const messages = await messagesOverPause((outer, io) =>
    io.parallel("items", ["one", "two"], async (item) => {
      io.logger.info(`${item} in outer ${outer.attempt}`);
      await io
        .runTask(
          "fails",
          () => Promise.reject(new Error("always")),
          {},
          (_error, _task, handler) => {
            handler.logger.info(`handled for ${item} in outer ${outer.attempt}`);
          },
        )
        .catch(() => undefined);
      failOnce(outer);
    }),
  );
  expect(messages.filter((message) => message.startsWith("info")).toSorted()).toEqual([
    "info handled for one in outer 1",
    "info handled for one in outer 2",
    "info handled for two in outer 1",
    "info handled for two in outer 2",
    "info one in outer 1",
    "info one in outer 2",
    "info two in outer 1",
    "info two in outer 2",
  ]);
});

test("B39 a second attempt that is run again after a crash does not repeat the messages of the tasks inside it", async () => {
  const ledger = createLedger();
  const job = defineJob((io) =>
    inTwoAttempts(io, async (outer) => {
      await io.runTask("inner", async (_task, inner) => {
        inner.logger.info(`inner in outer ${outer.attempt}`);
        failOnce(outer);
        ledger.note("in the second");
        if (ledger.count("in the second") === 1) await createGate().passed;
      });
    }),
  );
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  await one.clock.advance(60_000);
  await ledger.until("in the second");
  await one.clock.tick();
  one.kill();
  const two = await world.start();
  expect(await two.use(job).run(id).result()).toMatchObject({ ok: true });
  expect(await messagesOf(two, id)).toEqual([
    "info inner in outer 1",
    "warn Attempt 1 failed",
    "info inner in outer 2",
  ]);
});

/** A job that writes on two levels, before and after a wait. */
function defineWriter(logLevel: LogLevel) {
  return defineJob(async (io) => {
    for (const turn of ["one", "two", "three"]) {
      if (turn === "three") await io.wait("pause", "1m");
      io.logger.debug(turn);
      io.logger.info(turn);
    }
  }, logLevel);
}

test.each([
  ["debug", "info", ["debug one", "info one", "debug two", "info two", "info three"]],
  ["info", "debug", ["info one", "info two", "debug one", "debug two", "debug three", "info three"]],
] as const)(
  "B39 a deploy that changes logLevel from %s to %s makes a waiting run lose and repeat nothing",
  async (before, after, kept) => {
    await using world = await createWorld([]);
    const one = await world.start({ jobs: [defineWriter(before)] });
    const { id } = await one.use(defineWriter(before)).invoke({});
    await one.until(id, "WAITING");
    await one.stop();
    const job = defineWriter(after);
    const two = await world.start({ jobs: [job] });
    const result = two.use(job).run(id).result();
    await two.clock.advance(60_000);
    expect((await result).ok).toBe(true);
    expect(await messagesOf(two, id)).toEqual(kept);
  },
);
