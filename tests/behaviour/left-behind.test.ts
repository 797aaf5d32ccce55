import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { RunStateError } from "@beckon/core/runtime";
import { expect, onTestFinished, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

/* Calls that a function has not waited for, and those of code that it has left behind. */

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload: unknown, io) => {
    if (payload === "waits") await io.wait("a week", "7d");
    return payload;
  },
});

function defineJob(run: (io: IO) => Promise<unknown>, options: { readonly maxDuration?: "5s" } = {}) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: 1,
    ...options,
    run: (_payload, io) => run(io),
  });
}

const aTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("a call that is made in a task and awaited behind it rejects, and names the task", async () => {
  const job = defineJob(async (io) => {
    let answer: Promise<unknown> = Promise.resolve();
    await io.runTask("ask", () => void (answer = child.invokeAndWait("waits")));
    return answer;
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const result = await (await server.use(job).invoke({})).result();
  expect(result).toMatchObject({ status: "FAILURE", error: { name: RunStateError.name } });
  expect(result.ok || result.error).toMatchObject({ message: expect.stringContaining('Task "ask"') });
});

test.for(["is canceled", "is over its maxDuration"])(
  "a call in an attempt that is over rejects when its run %s, whose place is free then",
  async (end) => {
    const ledger = createLedger();
    const job = defineJob(
      async (io) => {
        let shared: Promise<unknown> | undefined;
        const ask = () => (shared ??= child.invokeAndWait("waits"));
        await io.runTask("first", ask, { timeout: "1s" }).catch(() => undefined);
        ledger.note("asks again");
        await io.runTask("second", ask);
      },
      { maxDuration: "5s" },
    );
    await using world = await createWorld([job, child]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    const next = await server.use(job).invoke({});
    while (ledger.entries.length < 1) await server.clock.advance(100);
    if (end === "is canceled") await run.cancel();
    else await server.clock.advance(5_000);
    expect(await run.result()).toMatchObject({ status: end === "is canceled" ? "CANCELED" : "TIMED_OUT" });
    while (ledger.entries.length < 2) await server.clock.advance(100);
    await next.cancel();
  },
);

test.for(["run", "task"])("a job that what a %s has left behind calls is called as from outside", async (where) => {
  const later = createGate();
  const calls: Promise<unknown>[] = [];
  const leave = (): void => void later.passed.then(() => calls.push(child.invokeAndWait("flushed")));
  const ledger = createLedger();
  const kept = createGate();
  const job = defineJob(async (io) => {
    if (where === "run") return leave();
    await io.runTask("leaves", leave);
    await io.runTask("goes on", () => {
      ledger.note("goes on");
      return kept.passed;
    });
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await (where === "run" ? run.result() : ledger.until("goes on"));
  later.open();
  for (let turns = 0; turns < 5; turns += 1) await aTurn();
  expect(await Promise.all(calls)).toMatchObject([{ ok: true, output: "flushed" }]);
  kept.open();
  await run.result();
  const { runs } = await server.engine.listRuns({ job: "child" });
  expect(runs).toMatchObject([{ parentRunId: null }]);
});

test.for(["fails", "is canceled"])(
  "a call of what a run has left behind that %s rejects, and makes no run",
  async (end) => {
    const later = createGate();
    const ledger = createLedger();
    const note = (error: Error): void => ledger.note(error.name);
    const call = () => Promise.all([child.invoke("late").catch(note), child.run("run_1").result().catch(note)]);
    const leave = (): void => void later.passed.then(call);
    const job = client.defineJob({
      id: "job",
      name: "Job",
      version: "1.0.0",
      trigger: invokeTrigger(),
      run: async (_payload, _io, ctx) => {
        leave();
        if (end === "fails") throw new Error("broken");
        ledger.note("begins");
        await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
      },
    });
    await using world = await createWorld([job, child]);
    const server = await world.start();
    const run = await server.use(job).invoke();
    if (end === "is canceled") {
      await ledger.until("begins");
      await run.cancel();
    }
    await run.result();
    for (let turns = 0; turns < 20; turns += 1) await aTurn();
    later.open();
    await ledger.until(end === "fails" ? RunStateError.name : "AbortReason", 2);
    expect((await server.engine.listRuns({ job: "child" })).runs).toEqual([]);
  },
);

test("where nobody waits for such a call of a failed run, a warning of the process tells of it", async () => {
  const later = createGate();
  const job = defineJob(() => {
    void later.passed.then(() => child.invoke("late"));
    return Promise.reject(new Error("broken"));
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  const warnings: string[] = [];
  const listen = ({ message }: Error): number => warnings.push(message);
  process.on("warning", listen);
  onTestFinished(() => void process.off("warning", listen));
  later.open();
  const told = expect.stringContaining(`RunStateError: Run ${run.id} has failed`);
  await expect.poll(() => warnings).toContainEqual(told);
});

test("a run that is retried while its canceled function still runs takes a slot of its own, and a stop waits for both", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const busy = client.defineJob({
    id: "busy",
    name: "Busy",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => {
      ledger.note("begins");
      await gate.passed;
      ledger.note("ends");
    },
  });
  await using world = await createWorld([busy]);
  const server = await world.start({ concurrency: 2 });
  const run = await server.use(busy).invoke();
  await ledger.until("begins");
  await run.cancel();
  await server.engine.retry(run.id);
  await ledger.until("begins", 2);
  await server.use(busy).invoke();
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  expect(ledger.entries).toEqual(["begins", "begins"]);
  expect(server.engine.health()).toMatchObject({ executing: 2 });
  let isStopped = false;
  const stopped = server.stop({ timeoutMs: 30_000 }).then(() => (isStopped = true));
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  expect(isStopped).toBe(false);
  gate.open();
  await stopped;
  expect(ledger.entries).toEqual(["begins", "begins", "ends", "ends"]);
});
