import { BeckonClient, invokeTrigger } from "@beckon/core";
import { AbortReason } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });
const STEADY = { limit: 3, minTimeoutInMs: 10_000, factor: 1, randomize: false } as const;

function defineJob(run: Parameters<typeof client.defineJob>[0]["run"]) {
  return client.defineJob({ id: "job", name: "Job", version: "1.0.0", trigger: invokeTrigger(), run });
}

test("B34 onError can put the next attempt at an instant, also beyond the policy", async () => {
  const ledger = createLedger();
  const retryAt = new Date(Date.UTC(2026, 0, 2));
  const job = defineJob(async (_payload, io) =>
    io.runTask(
      "call",
      ({ attempt }) => {
        ledger.note(`attempt ${attempt}`);
        if (attempt < 3) throw new Error("busy");
        return attempt;
      },
      {},
      (error, task) => {
        ledger.note(`${(error as Error).message} ${task.attempt}`);
        return { retryAt };
      },
    ),
  );
  await using world = await createWorld([job]);
  const server = await world.start({ startAt: Date.UTC(2026, 0, 1) });
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const output = run.output();
  await server.clock.advanceTo(retryAt.getTime() - 1);
  expect(ledger.entries).toEqual(["attempt 1", "busy 1"]);
  // At that instant the second attempt is made; the instant is past for the third, which follows at once.
  await server.clock.advance(1);
  expect(await output).toBe(3);
  expect(ledger.entries).toEqual(["attempt 1", "busy 1", "attempt 2", "busy 2", "attempt 3"]);
});

test("B34 onError can stop the retrying, and can replace the error", async () => {
  const ledger = createLedger();
  const fail = () => {
    ledger.note("attempt");
    throw new Error("original");
  };
  const job = defineJob(async (_payload, io) => {
    const skipped = io.runTask("skipped", fail, { retry: STEADY }, () => ({ skipRetrying: true }));
    const one = await skipped.catch((error: unknown) => (error as Error).message);
    const replaced = io.runTask("replaced", fail, { retry: STEADY }, () => new RangeError("replacement"));
    const two = await replaced.catch((error: unknown) => `${(error as Error).name} ${(error as Error).message}`);
    const thrown = io.runTask("thrown", fail, { retry: STEADY }, () => {
      throw new Error("thrown by the handler");
    });
    const three = await thrown.catch((error: unknown) => (error as Error).message);
    return [one, two, three];
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.output()).toEqual(["original", "RangeError replacement", "thrown by the handler"]);
  expect(ledger.count("attempt")).toBe(3);
});

test("B34 onError that decides nothing leaves it to the policy, and may use io", async () => {
  const ledger = createLedger();
  const job = defineJob(async (_payload, io) =>
    io.runTask(
      "call",
      ({ attempt }) => {
        if (attempt < 3) throw new Error("busy");
        return attempt;
      },
      { retry: STEADY },
      async (_error, task, inner) => {
        await inner.runTask(["report", task.attempt], () => ledger.note(`reported ${task.attempt}`));
      },
    ),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(20_000);
  expect(await output).toBe(3);
  expect(ledger.entries).toEqual(["reported 1", "reported 2"]);
});

test("B34 an attempt over its timeout has failed, its signal aborts saying so, and the next attempt is made", async () => {
  const ledger = createLedger();
  const job = defineJob(async (_payload, io, ctx) =>
    io.runTask(
      "call",
      async ({ attempt, signal }) => {
        signal.addEventListener("abort", () => {
          const { reason } = signal;
          ledger.note(reason instanceof AbortReason ? `aborted ${attempt}: ${reason.kind}` : "aborted");
        });
        if (attempt === 1) await createGate().passed;
        return { attempt, isRunAborted: ctx.signal.aborted };
      },
      { timeout: "5s", retry: STEADY },
    ),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.until(run.id, "EXECUTING");
  await server.clock.advance(4_999);
  expect(ledger.entries).toEqual([]);
  await server.clock.advance(1);
  expect(ledger.entries).toEqual(["aborted 1: task-timeout"]);
  await server.clock.advance(10_000);
  expect(await output).toEqual({ attempt: 2, isRunAborted: false });
});

test("B34 a task that is given up for its timeout fails with a sentence that names it and the time", async () => {
  const job = defineJob(async (_payload, io) => io.runTask("slow", () => createGate().passed, { timeout: 2 }));
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const result = run.result();
  await server.clock.advance(2_000);
  expect(await result).toMatchObject({
    status: "FAILURE",
    error: { message: 'Task "slow" did not finish within 2000 ms.' },
  });
});

test("B34 a new attempt of a task keeps the finished steps inside it and makes the failed ones again", async () => {
  const ledger = createLedger();
  const child = client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => {
      ledger.note("child");
      if (ledger.count("child") === 1) throw new Error("child failed");
      return "child's output";
    },
  });
  const job = defineJob(async (_payload, io) =>
    io.runTask(
      "outer",
      async (_task, inner) => {
        await inner.runTask("kept", () => ledger.note("kept"));
        await inner.runTask("flaky", () => {
          ledger.note("flaky");
          if (ledger.count("flaky") === 1) throw new Error("flaky");
        });
        const result = await child.invokeAndWait({});
        if (!result.ok) throw new Error("no child");
        const late = await inner.waitForSignal("late", "late", { timeout: "1s" }).catch(() => "timed out");
        if (ledger.count("late") === 0) {
          ledger.note("late");
          throw new Error(`the signal ${String(late)}`);
        }
        return [result.output, late];
      },
      { retry: { ...STEADY, limit: 5 } },
    ),
  );
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(60_000);
  expect(await output).toEqual(["child's output", "timed out"]);
  expect(ledger.count("kept")).toBe(1);
  expect(ledger.count("flaky")).toBe(2);
  expect(ledger.count("child")).toBe(2);
});

test("B34 options that cannot be meant are refused with a sentence naming the option, before the task runs", async () => {
  const ledger = createLedger();
  const note = () => ledger.note("ran");
  const job = defineJob(async (_payload, io) => {
    const messages = [];
    for (const [key, options] of Object.entries({
      limit: { retry: { limit: 0 } },
      factor: { retry: { factor: -1 } },
      timeout: { timeout: "soon" as "1s" },
    }))
      messages.push(await io.runTask(key, note, options).catch((error: unknown) => (error as Error).message));
    return messages;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const messages = await (await server.use(job).invoke({})).output();
  expect(messages).toEqual([
    expect.stringContaining('"retry.limit"'),
    expect.stringContaining('"retry.factor"'),
    expect.stringContaining('"timeout"'),
  ]);
  expect(ledger.entries).toEqual([]);
});

test("a task shows its name, icon, description, params and properties, and hides what is redacted", async () => {
  const job = defineJob(async (_payload, io) =>
    io.runTask("pay", () => ({ card: { number: "4242", brand: "visa" }, items: [{ secret: 1 }, { secret: 2 }] }), {
      name: "Pay the bill",
      icon: "card",
      description: "Charges the card",
      params: { card: { number: "4242" }, amount: 5 },
      properties: [{ label: "Amount", text: "5 €" }],
      redact: ["card.number", "items.*.secret"],
    }),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  // The run itself gets the value as it is.
  expect(await run.output()).toMatchObject({ card: { number: "4242" } });
  expect(await server.engine.readTasks(run.id)).toMatchObject([
    {
      name: "Pay the bill",
      icon: "card",
      description: "Charges the card",
      params: { card: { number: "[redacted]" }, amount: 5 },
      properties: [{ label: "Amount", text: "5 €" }],
      output: {
        card: { number: "[redacted]", brand: "visa" },
        items: [{ secret: "[redacted]" }, { secret: "[redacted]" }],
      },
    },
  ]);
});

test("B39 B22 what onError logs and invokes through the run's own io is apart from what the run does after it", async () => {
  const child = client.defineJob({
    id: "alert",
    name: "Alert",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (n: unknown) => n,
  });
  const job = defineJob(async (_payload, io) => {
    await io.runTask(
      "call",
      ({ attempt }) => {
        if (attempt < 3) throw new Error("busy");
      },
      { retry: STEADY },
      async (_error, { attempt }) => {
        io.logger.warn(`asked about attempt ${attempt}`);
        await child.invoke(0);
      },
    );
    io.logger.info("first");
    io.logger.info("second");
    await io.wait("pause", "1m");
    return (await child.invokeAndWait(1)).ok;
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(100_000);
  expect(await output).toBe(true);
  const logs = (await server.engine.readLogs({ runId: run.id })).map(({ message, taskId }) => [message, taskId]);
  expect(logs).toEqual([
    ["asked about attempt 1", "call"],
    [expect.stringContaining("Attempt 1 failed: busy"), "call"],
    ["asked about attempt 2", "call"],
    [expect.stringContaining("Attempt 2 failed: busy"), "call"],
    ["first", null],
    ["second", null],
  ]);
  // An alert for each failed attempt, and the one that the run waits for.
  expect((await server.engine.listRuns({ job: "alert" })).runs).toHaveLength(3);
});
