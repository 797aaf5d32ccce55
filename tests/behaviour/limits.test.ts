import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { AnyJob } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate, type Gate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld, type Process } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** Counts what executes at once, by group, over all processes of the test. */
function createGauge() {
  const now = new Map<string, number>();
  const peaks = new Map<string, number>();
  return {
    peaks,
    async during(group: string, work: () => unknown): Promise<void> {
      const count = (now.get(group) ?? 0) + 1;
      now.set(group, count);
      peaks.set(group, Math.max(peaks.get(group) ?? 0, count));
      await work();
      now.set(group, (now.get(group) ?? 0) - 1);
    },
  };
}

/** A turn of the event loop, in which others get theirs. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function invokeMany(server: Process, job: AnyJob, payloads: readonly unknown[]) {
  return Promise.all(payloads.map((payload) => server.use(job).invoke(payload)));
}

test("B40 a job's limit is exact under load: it is reached and never exceeded", async () => {
  const gauge = createGauge();
  const job = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: 3,
    run: async (_payload, io) => {
      await gauge.during("all", () => io.runTask("work", aTurn));
      await io.wait("pause", "1s");
      await gauge.during("all", () => io.runTask("more work", aTurn));
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const runs = await invokeMany(server, job, Array.from({ length: 60 }));
  await Promise.all(runs.map((run) => server.until(run.id, "WAITING")));
  const results = Promise.all(runs.map((run) => run.result()));
  await server.clock.advance(1_000);
  expect((await results).every(({ ok }) => ok)).toBe(true);
  expect(gauge.peaks).toEqual(new Map([["all", 3]]));
});

test("B40 a shared limit spans its jobs, and each job may have another one beside it in the same server", async () => {
  const gauge = createGauge();
  const shared = client.defineConcurrencyLimit({ id: "printer", limit: 2 });
  const define = (id: string, limit: number | typeof shared) =>
    client.defineJob({
      id,
      name: id,
      version: "1.0.0",
      trigger: invokeTrigger(),
      concurrencyLimit: limit,
      run: (_payload, io) => gauge.during(limit === shared ? "printer" : id, () => io.runTask("work", aTurn)),
    });
  const [one, two, three] = [define("one", shared), define("two", shared), define("three", 4)];
  await using world = await createWorld([one, two, three]);
  const server = await world.start();
  const many = Array.from({ length: 30 });
  const runs = (await Promise.all([one, two, three].map((job) => invokeMany(server, job, many)))).flat();
  await Promise.all(runs.map((run) => run.result()));
  expect(gauge.peaks).toEqual(
    new Map([
      ["printer", 2],
      ["three", 4],
    ]),
  );
});

test("B40 with a concurrencyKey the limit holds for each key apart, and runs without one have their own", async () => {
  const gauge = createGauge();
  const job = client.defineJob({
    id: "tenants",
    name: "Tenants",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    concurrencyLimit: 2,
    run: (tenant, io) => gauge.during(tenant, () => gauge.during("all", () => io.runTask("work", aTurn))),
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const calls = Array.from({ length: 60 }, (_, index) => ["a", "b", "none"][index % 3] as string);
  const runs = await server
    .use(job)
    .batchInvoke(
      calls.map((tenant) => ({ payload: tenant, options: tenant === "none" ? {} : { concurrencyKey: tenant } })),
    );
  await Promise.all(runs.map((run) => run.result()));
  expect(gauge.peaks).toEqual(new Map(Object.entries({ a: 2, b: 2, none: 2, all: 6 })));
});

test("B40 several processes on one file share a limit exactly", async () => {
  const gauge = createGauge();
  const ledger = createLedger();
  const job = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.number() }),
    concurrencyLimit: 4,
    run: async (n, io) => {
      const work = async (): Promise<void> => {
        ledger.note("begun");
        // With two slots each, the first four are never those of one process.
        await ledger.until("begun", 4);
        await aTurn();
      };
      await gauge.during("all", () => io.runTask("work", work));
      ledger.note(`done ${n}`);
    },
  });
  await using world = await createWorld([job]);
  const first = await world.start({ concurrency: 2 });
  await world.start({ concurrency: 2 });
  await world.start({ concurrency: 2 });
  const numbers = Array.from({ length: 90 }, (_, index) => index);
  const runs = await invokeMany(first, job, numbers);
  const results = await Promise.all(runs.map((run) => run.result()));
  expect(results.every(({ ok }) => ok)).toBe(true);
  expect(gauge.peaks.get("all")).toBe(4);
  for (const n of numbers) expect(ledger.count(`done ${n}`)).toBe(1);
});

test("B40 a killed process's places are freed with its runs, not before, and the limit stays exact in its successor", async () => {
  const ledger = createLedger();
  const gates: Gate[] = [];
  const job = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: 2,
    run: async (_payload, io) => {
      await io.runTask("work", () => {
        const gate = createGate();
        gates.push(gate);
        ledger.note("work");
        return gate.passed;
      });
    },
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const runs = await invokeMany(one, job, Array.from({ length: 5 }));
  await ledger.until("work", 2);
  const two = await world.start();
  await two.clock.advance(60_000);
  // The first process lives: nothing is taken from it, and nothing begins beside it.
  expect(ledger.count("work")).toBe(2);
  one.kill();
  const three = await world.start();
  await ledger.until("work", 4);
  await three.clock.tick();
  await two.clock.tick();
  expect(ledger.count("work")).toBe(4);
  for (let finished = 0; finished < 5; finished += 1) {
    gates[finished + 2]?.open();
    await ledger.until("work", Math.min(finished + 5, 7));
  }
  for (const run of runs) expect((await three.use(job).run(run.id).result()).ok).toBe(true);
  expect(ledger.count("work")).toBe(7);
  for (const gate of gates) gate.open();
});

test("B40 a place is free while its run waits, and is taken again before the run goes on", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = client.defineJob({
    id: "single",
    name: "Single",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.enum(["waits", "works"]) }),
    concurrencyLimit: 1,
    run: async (kind, io) => {
      ledger.note(kind);
      if (kind === "waits") await io.wait("pause", "1m");
      else await io.runTask("work", () => gate.passed);
      ledger.note(`${kind} ends`);
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const waiting = await server.use(job).invoke("waits");
  const working = await server.use(job).invoke("works");
  await ledger.until("works");
  await server.clock.advance(60_000);
  expect((await server.engine.readRun(waiting.id)).status).toBe("QUEUED");
  expect(ledger.entries).toEqual(["waits", "works"]);
  gate.open();
  await Promise.all([waiting.result(), working.result()]);
  expect(ledger.entries).toEqual(["waits", "works", "works ends", "waits", "waits ends"]);
});

test("B40 a deploy changes a limit for what waits already, up and down", async () => {
  const gauge = createGauge();
  const define = (limit: number) =>
    client.defineJob({
      id: "limited",
      name: "Limited",
      version: "1.0.0",
      trigger: invokeTrigger(),
      concurrencyLimit: limit,
      run: (_payload, io) => gauge.during(`limit ${limit}`, () => io.runTask("work", aTurn)),
    });
  const [small, large] = [define(1), define(5)];
  await using world = await createWorld([small]);
  const one = await world.start();
  await one.engine.setJobPaused({ jobId: "limited", isPaused: true });
  const runs = await invokeMany(one, small, Array.from({ length: 20 }));
  await one.stop();
  const two = await world.start({ jobs: [large] });
  await two.engine.setJobPaused({ jobId: "limited", isPaused: false });
  for (const run of runs) await two.use(large).run(run.id).result();
  expect(gauge.peaks).toEqual(new Map([["limit 5", 5]]));
  await two.stop();
  const three = await world.start({ jobs: [small] });
  const more = await invokeMany(three, small, Array.from({ length: 10 }));
  await Promise.all(more.map((run) => run.result()));
  expect(gauge.peaks.get("limit 1")).toBe(1);
});

test("B40 a deploy gives a job a limit, and takes it away, also for what waits already", async () => {
  const gauge = createGauge();
  const define = (limit: number | undefined) =>
    client.defineJob({
      id: "mail",
      name: "Mail",
      version: "1.0.0",
      trigger: invokeTrigger(),
      ...(limit === undefined ? {} : { concurrencyLimit: limit }),
      run: (_payload, io) => gauge.during(`limit ${limit ?? "none"}`, () => io.runTask("work", aTurn)),
    });
  const [free, limited] = [define(undefined), define(2)];
  await using world = await createWorld([free]);
  const executeWith = async (before: typeof free, after: typeof free): Promise<void> => {
    const one = await world.start({ jobs: [before] });
    await one.engine.setJobPaused({ jobId: "mail", isPaused: true });
    const runs = await invokeMany(one, before, Array.from({ length: 20 }));
    await one.stop();
    const two = await world.start({ jobs: [after] });
    await two.engine.setJobPaused({ jobId: "mail", isPaused: false });
    for (const run of runs) await two.use(after).run(run.id).result();
    await two.stop();
  };
  await executeWith(free, limited);
  await executeWith(limited, free);
  expect(gauge.peaks.get("limit 2")).toBe(2);
  expect(gauge.peaks.get("limit none")).toBeGreaterThan(2);
});
