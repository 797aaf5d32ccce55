import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** A job whose runs note their names when they begin. */
function defineNoting(ledger: Ledger, options: { readonly id?: string; readonly concurrencyLimit?: number } = {}) {
  const { id = "noting", concurrencyLimit } = options;
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    concurrencyLimit,
    run: (name) => ledger.note(name),
  });
}

/** Holds the only slot until the gate opens. */
function defineBlocker(ledger: Ledger) {
  const gate = createGate();
  const blocker = client.defineJob({
    id: "blocker",
    name: "Blocker",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => {
      ledger.note("blocked");
      return gate.passed;
    },
  });
  return { blocker, gate };
}

test("B41 higher priority goes first, then first come first served, whatever the order of the calls", async () => {
  const ledger = createLedger();
  const job = defineNoting(ledger);
  const { blocker, gate } = defineBlocker(ledger);
  await using world = await createWorld([job, blocker]);
  const server = await world.start({ concurrency: 1 });
  await server.use(blocker).invoke({});
  await ledger.until("blocked");
  const calls = [
    ["low 1", -1],
    ["normal 1", undefined],
    ["high 1", 10],
    ["normal 2", 0],
    ["low 2", -1],
    ["high 2", 10],
  ] as const;
  const runs = [];
  for (const [name, priority] of calls) {
    runs.push(await server.use(job).invoke(name, { priority }));
    await server.clock.advance(1);
  }
  gate.open();
  await Promise.all(runs.map((run) => run.result()));
  expect(ledger.entries).toEqual(["blocked", "high 1", "high 2", "normal 1", "normal 2", "low 1", "low 2"]);
});

test("B41 runs of one millisecond, and those of one batch, go in the order of their calls", async () => {
  const ledger = createLedger();
  const job = defineNoting(ledger);
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 1 });
  await server.engine.setJobPaused({ jobId: "noting", isPaused: true });
  const names = Array.from({ length: 50 }, (_, index) => `run ${index}`);
  const runs = [];
  for (const name of names.slice(0, 25)) runs.push(await server.use(job).invoke(name));
  runs.push(...(await server.use(job).batchInvoke(names.slice(25).map((payload) => ({ payload })))));
  await server.engine.setJobPaused({ jobId: "noting", isPaused: false });
  await Promise.all(runs.map((run) => run.result()));
  expect(ledger.entries).toEqual(names);
});

test("B41 priority and order hold inside the backlog of a limit, too", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    concurrencyLimit: 1,
    run: (name) => {
      ledger.note(name);
      return gate.passed;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const runs = [await server.use(job).invoke("first")];
  await ledger.until("first");
  for (const [name, priority] of [
    ["low", 0],
    ["high", 5],
    ["low too", 0],
    ["highest", 9],
  ] as const)
    runs.push(await server.use(job).invoke(name, { priority }));
  gate.open();
  await Promise.all(runs.map((run) => run.result()));
  expect(ledger.entries).toEqual(["first", "highest", "high", "low", "low too"]);
});

test("B41 a run that has waited keeps its place in line: it goes on before what came after it", async () => {
  const ledger = createLedger();
  const job = defineNoting(ledger);
  const { blocker, gate } = defineBlocker(ledger);
  const waiter = client.defineJob({
    id: "waiter",
    name: "Waiter",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.wait("pause", "1m");
      ledger.note("waiter goes on");
    },
  });
  await using world = await createWorld([job, blocker, waiter]);
  const server = await world.start({ concurrency: 1 });
  const waiting = await server.use(waiter).invoke({});
  await server.until(waiting.id, "WAITING");
  await server.use(blocker).invoke({});
  await ledger.until("blocked");
  const runs = [await server.use(job).invoke("one"), await server.use(job).invoke("two")];
  await server.clock.advance(60_000);
  gate.open();
  await Promise.all([waiting.result(), ...runs.map((run) => run.result())]);
  expect(ledger.entries).toEqual(["blocked", "waiter goes on", "one", "two"]);
});

test("B41 a paused job and a full limit block nobody else, though they are first in line", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const paused = defineNoting(ledger, { id: "paused" });
  const free = defineNoting(ledger, { id: "free" });
  const full = client.defineJob({
    id: "full",
    name: "Full",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    concurrencyLimit: 1,
    run: (name) => {
      ledger.note(name);
      return gate.passed;
    },
  });
  await using world = await createWorld([paused, free, full]);
  const server = await world.start({ concurrency: 2 });
  await server.engine.setJobPaused({ jobId: "paused", isPaused: true });
  const many = Array.from({ length: 200 }, (_, index) => ({ payload: `many ${index}`, options: { priority: 9 } }));
  await server.use(paused).batchInvoke(many);
  await server.use(full).batchInvoke(many);
  await ledger.until("many 0");
  expect((await (await server.use(free).invoke("free")).result()).ok).toBe(true);
  expect(ledger.entries).toEqual(["many 0", "free"]);
  gate.open();
});

test("B41 pausing lets what executes go on, holds the rest across a restart, and resuming releases it in order", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (name, io) => {
      ledger.note(name);
      await io.runTask("work", () => gate.passed);
    },
  });
  await using world = await createWorld([job]);
  const one = await world.start({ concurrency: 1 });
  const executing = await one.use(job).invoke("executing");
  await ledger.until("executing");
  const queued = await one.use(job).invoke("queued");
  await one.engine.setJobPaused({ jobId: "job", isPaused: true });
  expect(await one.engine.listJobs()).toMatchObject([{ id: "job", isPaused: true }]);
  const later = await one.use(job).invoke("later");
  gate.open();
  expect((await executing.result()).ok).toBe(true);
  await one.stop();
  const two = await world.start({ concurrency: 1 });
  await two.clock.advance(60_000);
  expect(await two.engine.readRun(queued.id)).toMatchObject({ status: "QUEUED", hold: "paused" });
  await two.engine.setJobPaused({ jobId: "job", isPaused: false });
  for (const run of [queued, later]) await two.use(job).run(run.id).result();
  expect(ledger.entries).toEqual(["executing", "queued", "later"]);
  await expect(two.engine.setJobPaused({ jobId: "nothing", isPaused: true })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});
