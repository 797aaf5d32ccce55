import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { TaskErrorHandler, TaskOptions } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld, type Process } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

const STEADY = { limit: 3, minTimeoutInMs: 10_000, factor: 2, randomize: false } as const;

/** A job of one task that fails until the given attempt; its output says how it went. */
function defineFlaky(
  ledger: Ledger,
  task: { readonly succeedsAt?: number; readonly options?: TaskOptions; readonly onError?: TaskErrorHandler },
) {
  return client.defineJob({
    id: "flaky",
    name: "Flaky",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      ledger.note("run");
      return io.runTask(
        "call",
        (attempt) => {
          ledger.note(`attempt ${attempt.attempt} of ${attempt.idempotencyKey}`);
          if (attempt.attempt < (task.succeedsAt ?? Number.POSITIVE_INFINITY)) throw new Error(`no ${attempt.attempt}`);
          return `yes ${attempt.attempt}`;
        },
        task.options,
        task.onError,
      );
    },
  });
}

async function callTask(server: Process, runId: string) {
  const [task] = await server.engine.readTasks(runId);
  return task;
}

test("B34 without a retry policy a task has one attempt", async () => {
  const ledger = createLedger();
  const job = defineFlaky(ledger, { succeedsAt: 2 });
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = await (await server.use(job).invoke({})).result();
  expect(result).toMatchObject({ status: "FAILURE", executionCount: 1, error: { code: "UNCAUGHT", message: "no 1" } });
  expect(ledger.entries.filter((entry) => entry.startsWith("attempt"))).toHaveLength(1);
});

test("B34 a task is tried as often and as far apart as its policy says, holding no slot between", async () => {
  const ledger = createLedger();
  const job = defineFlaky(ledger, { succeedsAt: 3, options: { retry: STEADY } });
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 1 });
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  await server.clock.tick();
  expect(server.engine.health().executing).toBe(0);
  await server.clock.advance(9_999);
  expect(ledger.entries.filter((entry) => entry.startsWith("attempt"))).toHaveLength(1);
  await server.clock.advance(1);
  expect(ledger.entries.filter((entry) => entry.startsWith("attempt"))).toHaveLength(2);
  await server.clock.advance(19_999);
  expect(ledger.entries.filter((entry) => entry.startsWith("attempt"))).toHaveLength(2);
  const output = run.output();
  await server.clock.advance(1);
  expect(await output).toBe("yes 3");
});

test("B34 the attempts are visible while they are made and afterwards", async () => {
  const ledger = createLedger();
  const job = defineFlaky(ledger, { succeedsAt: 2, options: { retry: STEADY } });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  expect(await callTask(server, run.id)).toMatchObject({
    name: "call",
    status: "WAITING",
    attempt: 1,
    error: { name: "Error", message: "no 1" },
    wakeAt: new Date(server.clock.now() + 10_000),
  });
  const result = run.result();
  await server.clock.advance(10_000);
  await result;
  expect(await callTask(server, run.id)).toMatchObject({ status: "SUCCESS", attempt: 2, output: "yes 2", error: null });
  const attempts = (await server.eventsOf(run.id)).flatMap((event) =>
    event.type === "task" ? [`${event.task.status} ${event.task.attempt}`] : [],
  );
  expect(attempts).toEqual(["WAITING 1", "SUCCESS 2"]);
});

test("B34 every attempt has the same idempotency key, and other tasks and runs have others", async () => {
  const ledger = createLedger();
  const keys = new Set<string>();
  const job = client.defineJob({
    id: "keys",
    name: "Keys",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      for (const key of ["a", "b"])
        await io.runTask(
          key,
          ({ attempt, idempotencyKey }) => {
            ledger.note(idempotencyKey);
            keys.add(idempotencyKey);
            if (attempt < 2) throw new Error("again");
          },
          { retry: { ...STEADY, minTimeoutInMs: 0 } },
        );
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  await (await server.use(job).invoke({})).output();
  await (await server.use(job).invoke({})).output();
  expect(keys.size).toBe(4);
  for (const key of keys) expect(ledger.count(key)).toBe(2);
});

test("B34 when the policy is exhausted the last error is the task's, and it is not tried again on replay", async () => {
  const ledger = createLedger();
  const job = defineFlaky(ledger, { options: { retry: { ...STEADY, limit: 2 } } });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const result = run.result();
  await server.clock.advance(10_000);
  expect(await result).toMatchObject({ status: "FAILURE", error: { message: "no 2" } });
  await server.clock.advance(1_000_000);
  expect(ledger.entries.filter((entry) => entry.startsWith("attempt"))).toHaveLength(2);
});

test("B34 the pause before a task's next attempt survives a restart, and the attempts go on counting", async () => {
  const ledger = createLedger();
  const job = defineFlaky(ledger, { succeedsAt: 3, options: { retry: STEADY } });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start();
  await two.clock.advance(9_999);
  expect(ledger.count("run")).toBe(1);
  const waiting = two.until(id, "WAITING", 2);
  await two.clock.advance(1);
  await waiting;
  await two.stop();
  const three = await world.start();
  const output = three.use(job).run(id).output();
  await three.clock.advance(20_000);
  expect(await output).toBe("yes 3");
  const attempts = ledger.entries.filter((entry) => entry.startsWith("attempt"));
  expect(attempts.map((entry) => entry.slice(0, 9))).toEqual(["attempt 1", "attempt 2", "attempt 3"]);
});

test("B34 a process that dies in the second attempt makes the second attempt again", async () => {
  const ledger = createLedger();
  const hang = createGate();
  const job = client.defineJob({
    id: "dying",
    name: "Dying",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) =>
      io.runTask(
        "call",
        async ({ attempt, idempotencyKey }) => {
          ledger.note(`attempt ${attempt}`);
          ledger.note(idempotencyKey);
          if (attempt === 1) throw new Error("once");
          if (ledger.count("attempt 2") === 1) await hang.passed;
          return attempt;
        },
        { retry: STEADY },
      ),
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  const second = ledger.until("attempt 2");
  await one.clock.advance(10_000);
  await second;
  await one.clock.tick();
  one.kill();
  const two = await world.start();
  expect(await two.use(job).run(id).output()).toBe(2);
  expect(ledger.count("attempt 2")).toBe(2);
  expect(new Set(ledger.entries).size).toBe(3);
  hang.open();
});

test("B34 a retryAt that is no Date gives the task up with its own error, and a message says so once", async () => {
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const fail = io.runTask(
        "call",
        () => Promise.reject(new Error("the task's own")),
        { retry: STEADY },
        // As plain JavaScript may give it.
        () => ({ retryAt: 5 as unknown as Date }),
      );
      const failed: unknown = await fail.catch((error: unknown) => error);
      io.logger.info("before");
      await io.wait("pause", "1s");
      io.logger.info("after");
      throw failed;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const result = run.result();
  await server.clock.advance(1_000);
  expect(await result).toMatchObject({ ok: false, error: { message: "the task's own" } });
  const messages = (await server.engine.readLogs({ runId: run.id })).map(({ message }) => message);
  const told = 'The onError of task "call" gave a retryAt that is no valid Date, so the task is given up.';
  expect(messages).toEqual([told, "before", "after"]);
});
