import { type AnyJob, BeckonClient, invokeTrigger } from "@beckon/core";
import { WaitCycleError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

interface Holder {
  readonly id?: string;
  readonly limit: Parameters<typeof client.defineJob>[0]["concurrencyLimit"];
  /** What it waits for inside its task; default: a leaf of its own kind. */
  readonly wait?: () => Promise<unknown>;
}

/** Waits inside a task, and so holds its place while it waits; sent "leaf" it returns at once. */
function defineHolder({ id = "holder", limit, wait }: Holder) {
  const holder: AnyJob = client.defineJob({
    id,
    name: "Holder",
    version: "1.0.0",
    concurrencyLimit: limit,
    trigger: invokeTrigger({ schema: z.enum(["holder", "leaf"]) }),
    run: async (role, io): Promise<unknown> => {
      if (role === "leaf") return "leaf";
      return io.runTask("hold", async () => {
        const waited = wait ?? (async () => (await holder.invokeAndWait("leaf")).status);
        return waited().catch((error: unknown) =>
          error instanceof WaitCycleError ? [error.code, error.message] : error,
        );
      });
    },
  });
  return holder;
}

const STALLED = [
  "WAIT_CYCLE",
  expect.stringMatching(
    /waits inside a task \("hold"\) for run .* waits for a place of limit .* holds one\. Wait outside of the task/,
  ),
];

test("B26 a wait inside a task for a run that needs the place held meanwhile is reported, and the place freed", async () => {
  const holder = defineHolder({ limit: 1 });
  await using world = await startWorld([holder]);
  const run = await holder.invoke("holder");
  expect(await world.endOf(run)).toMatchObject({ ok: true, output: STALLED, executionCount: 1 });
  const [child] = (await world.engine.listRuns({ parent: run.id })).runs;
  expect(await holder.run(child?.id ?? "").output()).toBe("leaf");
});

test("B26 an uncaught report fails the run and names run, limit and remedy", async () => {
  const holder: AnyJob = client.defineJob({
    id: "holder",
    name: "Holder",
    version: "1.0.0",
    concurrencyLimit: 1,
    trigger: invokeTrigger({ schema: z.boolean() }),
    run: async (isHolder, io): Promise<unknown> =>
      isHolder && io.runTask("hold", async () => (await holder.invokeAndWait(false)).status),
  });
  await using world = await startWorld([holder]);
  const run = await holder.invoke(true);
  const result = await world.endOf(run);
  expect(result).toMatchObject({ ok: false, status: "FAILURE", error: { name: "WaitCycleError" } });
  const [child] = (await world.engine.listRuns({ parent: run.id })).runs;
  const message = result.ok ? "" : result.error.message;
  for (const part of [run.id, child?.id ?? "none", 'limit "job:holder"', "inside a task"])
    expect(message).toContain(part);
});

test("B26 a wait that leads back to a held place through other runs and limits is reported", async () => {
  const shared = client.defineConcurrencyLimit({ id: "door", limit: 1 });
  const last = defineHolder({ id: "last", limit: shared });
  const middle = client.defineJob({
    id: "middle",
    name: "Middle",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => (await last.invokeAndWait("leaf")).status,
  });
  const first = defineHolder({ id: "first", limit: shared, wait: async () => (await middle.invokeAndWait({})).status });
  await using world = await startWorld([first, middle, last]);
  const run = await first.invoke("holder");
  expect(await world.endOf(run)).toMatchObject({ ok: true, output: STALLED });
  for (const job of [first, middle, last]) {
    const [{ id } = { id: "none" }] = (await world.engine.listRuns({ job: job.id })).runs;
    expect(await world.endOf(job.run(id))).toMatchObject({ ok: true });
  }
});

test("B26 several holders that wait for runs behind each other are reported, and all ends", async () => {
  const holder = defineHolder({ limit: 3 });
  await using world = await startWorld([holder]);
  const runs = await Promise.all(Array.from({ length: 3 }, () => holder.invoke("holder")));
  const outputs = [];
  for (const run of runs) outputs.push(await world.endOf(run));
  expect(outputs.map((result) => result.status)).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
  expect(outputs.map((result) => result.ok && result.output)).toContainEqual(STALLED);
  const { runs: all } = await world.engine.listRuns({ limit: 100 });
  expect(all).toHaveLength(6);
  for (const { id } of all) expect(await world.endOf(holder.run(id))).toMatchObject({ ok: true });
});

test("B26 a held place is not reported while another holder of the limit works and may free one", async () => {
  const done = createGate();
  const shared = client.defineConcurrencyLimit({ id: "pair", limit: 2 });
  const holder = defineHolder({ limit: shared });
  const busy = client.defineJob({
    id: "busy",
    name: "Busy",
    version: "1.0.0",
    concurrencyLimit: shared,
    trigger: invokeTrigger(),
    run: (_payload, io) => io.runTask("work", () => done.passed),
  });
  await using world = await startWorld([holder, busy]);
  const work = await busy.invoke({});
  const run = await holder.invoke("holder");
  await world.clock.advance(60_000);
  expect((await world.engine.readRun(run.id)).status).toBe("EXECUTING");
  done.open();
  await work.output();
  expect(await world.endOf(run)).toMatchObject({ ok: true, output: "SUCCESS" });
});

test("B26 a held place is not reported where time will tell: a timeout, a ttl, a delay, a maximum duration", async () => {
  const ways: Readonly<Record<string, (holder: AnyJob) => Promise<unknown>>> = {
    timeout: (holder) => holder.invokeAndWait("leaf", { timeout: 30 }),
    ttl: async (holder) => (await holder.invokeAndWait("leaf", { ttl: 30 })).status,
  };
  const outcomes: Record<string, unknown> = {};
  for (const [way, wait] of Object.entries(ways)) {
    const holder: AnyJob = defineHolder({
      limit: 1,
      wait: () => wait(holder).catch((error: unknown) => String(error)),
    });
    await using world = await startWorld([holder]);
    const result = await world.endOf(await holder.invoke("holder"));
    outcomes[way] = result.ok && result.output;
  }
  expect(outcomes).toEqual({ timeout: expect.stringMatching(/^WaitTimeoutError/), ttl: "EXPIRED" });
  const limited: AnyJob = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    concurrencyLimit: 1,
    maxDuration: 30,
    trigger: invokeTrigger({ schema: z.boolean() }),
    run: async (isHolder, io): Promise<unknown> =>
      isHolder && io.runTask("hold", async () => (await limited.invokeAndWait(false)).status),
  });
  await using world = await startWorld([limited]);
  expect(await world.endOf(await limited.invoke(true))).toMatchObject({ status: "TIMED_OUT" });
});

test("B26 a run that becomes due behind the place held for it is reported then", async () => {
  const holder: AnyJob = defineHolder({
    limit: 1,
    wait: async () => (await holder.invokeAndWait("leaf", { delay: 60 })).status,
  });
  await using world = await startWorld([holder]);
  const run = await holder.invoke("holder");
  await world.clock.advance(59_000);
  expect((await world.engine.readRun(run.id)).status).toBe("EXECUTING");
  expect(await world.endOf(run)).toMatchObject({ ok: true, output: STALLED });
});

test("B26 a wait inside a task for a run without a limit lends its slot, however few there are", async () => {
  const leaf = client.defineJob({
    id: "leaf",
    name: "Leaf",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.number() }),
    run: async (depth, io): Promise<number> => {
      if (depth === 0) return 0;
      return io.runTask("deeper", async () => 1 + (await (await leaf.invoke(depth - 1)).output()));
    },
  });
  for (const concurrency of [1, 2]) {
    await using _ = await startWorld([leaf], { concurrency });
    const runs = await Promise.all(Array.from({ length: 5 }, () => leaf.invoke(5)));
    expect(await Promise.all(runs.map((run) => run.output()))).toEqual([5, 5, 5, 5, 5]);
  }
});

test("B26 slots are lent only where nothing else moves", async () => {
  let working = 0;
  let most = 0;
  const gate = createGate();
  const short = client.defineJob({
    id: "short",
    name: "Short",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      working += 1;
      most = Math.max(most, working);
      await io.runTask("work", () => gate.passed);
      working -= 1;
    },
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => io.runTask("hold", async () => (await short.invokeAndWait({})).status),
  });
  await using world = await startWorld([parent, short], { concurrency: 3 });
  const runs = [await parent.invoke({}), await parent.invoke({}), await parent.invoke({})];
  await world.clock.tick();
  await world.clock.tick();
  expect(most).toBe(1);
  gate.open();
  expect(await Promise.all(runs.map((run) => run.output()))).toEqual(["SUCCESS", "SUCCESS", "SUCCESS"]);
});
