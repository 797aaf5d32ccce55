import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { WaitTimeoutError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLedger } from "./ledger.ts";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** Sleeps as many seconds as it is told. */
const sleeper = client.defineJob({
  id: "sleeper",
  name: "Sleeper",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.number() }),
  run: async (seconds, io) => {
    await io.wait("nap", seconds);
    return `slept ${seconds}`;
  },
});

function defineParent<Output>(run: (io: IO) => Promise<Output>) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

const describeError = (error: unknown): unknown =>
  error instanceof WaitTimeoutError ? [error.name, error.code, error.message] : error;

const TIMEOUT = ["WaitTimeoutError", "WAIT_TIMEOUT", expect.stringMatching(/result.* of .*sleeper.*timed out/)];

test("B28 inside a run a wait rejects with WaitTimeoutError at its time, the same on replay, and the child goes on", async () => {
  const seen: unknown[] = [];
  const parent = defineParent(async (io) => {
    const outcome = await sleeper.invokeAndWait(60, { timeout: 5 }).catch(describeError);
    seen.push([(await io.now("after")).getTime(), outcome]);
    await io.wait("pause", 100);
    return seen.length;
  });
  await using world = await startWorld([parent, sleeper]);
  const startedAt = world.clock.now();
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(4_999);
  expect(await world.engine.readRun(run.id)).toMatchObject({ status: "WAITING" });
  expect(seen).toEqual([]);
  await world.clock.advance(1);
  await world.until(run.id, "WAITING", 2);
  await world.restart();
  await world.endOf(run);
  const outcome = [startedAt + 5_000, TIMEOUT];
  expect(seen).toEqual([outcome, outcome]);
  const [child] = (await world.engine.listRuns({ job: "sleeper" })).runs;
  expect(await sleeper.run(child?.id ?? "").output()).toBe("slept 60");
});

test("B28 a child that ends after the wait has timed out is harmless: nothing is woken or changed", async () => {
  const ledger = createLedger();
  const parent = defineParent(async (io) => {
    ledger.note("executed");
    await sleeper.invokeAndWait(60, { timeout: 5 }).catch(() => null);
    await io.wait("long pause", "1h");
    return "done";
  });
  await using world = await startWorld([parent, sleeper]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(5_000);
  await world.until(run.id, "WAITING", 2);
  const tasks = await world.engine.readTasks(run.id);
  await world.clock.advance(60_000);
  expect((await world.engine.listRuns({ job: "sleeper" })).runs).toMatchObject([{ status: "SUCCESS" }]);
  expect(await world.engine.readRun(run.id)).toMatchObject({ status: "WAITING", executionCount: 2 });
  expect(await world.engine.readTasks(run.id)).toEqual(tasks);
  await world.clock.advance(3_600_000);
  expect(await run.output()).toBe("done");
  expect(ledger.count("executed")).toBe(3);
});

test("B28 waiting again after a timeout is another wait, and gets the result", async () => {
  const seen: unknown[] = [];
  const parent = defineParent(async () => {
    const run = await sleeper.invoke(60);
    const tries: unknown[] = [];
    for (;;) {
      const outcome = await run.result({ timeout: 25 }).catch(describeError);
      tries.push(outcome);
      if (!Array.isArray(outcome)) break;
    }
    seen.push(tries);
    return tries.length;
  });
  await using world = await startWorld([parent, sleeper]);
  await world.endOf(await parent.invoke({}));
  expect(seen).toEqual([[TIMEOUT, TIMEOUT, expect.objectContaining({ ok: true, output: "slept 60" })]]);
});

test("B28 two waits at once for one child each have their own timeout", async () => {
  const parent = defineParent(async () => {
    const run = await sleeper.invoke(60);
    return Promise.all([
      run.result({ timeout: 5 }).catch(describeError),
      run.output().catch(describeError),
      run.output({ timeout: "5m" }).catch(describeError),
      run.output({ timeout: 5 }).catch(describeError),
    ]);
  });
  await using world = await startWorld([parent, sleeper]);
  const run = await parent.invoke({});
  await world.endOf(run);
  expect(await run.output()).toEqual([TIMEOUT, "slept 60", "slept 60", TIMEOUT]);
});

for (const [kills, crash] of [
  ["", false],
  [", over a crash", true],
] as const)
  test(`B28 a wait that joins an equal one has its own time${kills}`, async () => {
    const parent = defineParent(async (io) => {
      const run = await sleeper.invoke(60);
      const from = async (key: string): Promise<unknown> => {
        const outcome = await run.result({ timeout: 10 }).catch(describeError);
        return [outcome, ((await io.now(key)).getTime() - startedAt) / 1_000];
      };
      const late = io.wait("half of the first", 5).then(() => from("late"));
      const both = await Promise.all([from("first"), late]);
      return [...both, await from("third"), (await run.result()).status];
    });
    await using world = await startWorld([parent, sleeper]);
    const startedAt = world.clock.now();
    const { id } = await parent.invoke({});
    await world.until(id, "WAITING");
    await world.clock.advance(5_000);
    await world.until(id, "WAITING", 2);
    if (crash) await world.restart();
    const result = await world.endOf(parent.run(id));
    expect(result).toMatchObject({ output: [[TIMEOUT, 10], [TIMEOUT, 15], [TIMEOUT, 25], "SUCCESS"] });
  });

test("B28 equal waits with a timeout that end in time have one answer, and so has who asks after them", async () => {
  const seen: unknown[] = [];
  const parent = defineParent(async (io) => {
    const run = await sleeper.invoke(7);
    const asked = (): Promise<unknown> => run.output({ timeout: 10 }).catch(describeError);
    const late = io.wait("a while", 5).then(asked);
    const answers = [await asked(), await late, await asked()];
    seen.push(answers);
    await io.wait("pause", 1);
    return answers;
  });
  await using world = await startWorld([parent, sleeper]);
  await world.endOf(await parent.invoke({}));
  const slept = ["slept 7", "slept 7", "slept 7"];
  expect(seen).toEqual([slept, slept]);
});

test("B28 the timeout of a batch is one for the whole batch", async () => {
  const parent = defineParent(async (io) => {
    const items = [1, 60].map((payload) => ({ payload }));
    const outcome = await sleeper.batchInvokeAndWait(items, { timeout: 5 }).catch(describeError);
    return [outcome, (await io.now("after")).getTime()];
  });
  await using world = await startWorld([parent, sleeper]);
  const startedAt = world.clock.now();
  const run = await parent.invoke({});
  await world.endOf(run);
  expect(await run.output()).toEqual([TIMEOUT, startedAt + 5_000]);
});

test("B28 a timeout is kept over a crash, and is not begun anew", async () => {
  const parent = defineParent(async (io) => {
    const outcome = await sleeper.invokeAndWait(60, { timeout: 5 }).catch(describeError);
    return [outcome, (await io.now("after")).getTime()];
  });
  await using world = await startWorld([parent, sleeper]);
  const startedAt = world.clock.now();
  const { id } = await parent.invoke({});
  await world.until(id, "WAITING");
  await world.clock.advance(3_000);
  await world.restart();
  await world.clock.advance(2_000);
  expect(await parent.run(id).output()).toEqual([TIMEOUT, startedAt + 5_000]);
});

test("B28 a child that ended in time is a result, though the parent looks later", async () => {
  const parent = defineParent(async () => (await sleeper.invokeAndWait(3, { timeout: 5 })).status);
  await using world = await startWorld([parent, sleeper]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.engine.setJobPaused({ jobId: "parent", isPaused: true });
  await world.clock.advance(60_000);
  await world.engine.setJobPaused({ jobId: "parent", isPaused: false });
  expect(await run.output()).toBe("SUCCESS");
});

test("B28 a bad timeout is refused before a run is made that nobody could wait for", async () => {
  const parent = defineParent(async () => {
    const refusal = await sleeper.invokeAndWait(60, { timeout: -1 }).catch((error: unknown) => String(error));
    return refusal;
  });
  await using world = await startWorld([parent, sleeper]);
  expect(await (await parent.invoke({})).output()).toMatch(/Option "timeout"/);
  await expect(sleeper.invokeAndWait(60, { timeout: Number.NaN })).rejects.toMatchObject({ option: "timeout" });
  expect((await world.engine.listRuns({ job: "sleeper" })).runs).toEqual([]);
});

test.each<[string, (io: IO) => Promise<unknown>]>([
  ["signal", (io) => io.waitForSignal("wait", "never", { timeout: "100000000d" })],
  ["request", (io) => io.waitForRequest("wait", () => undefined, { timeout: "100000000d" })],
  ["run", async () => sleeper.invokeAndWait(60, { timeout: "100000000d" })],
])("a timeout of a %s beyond the last Date ends there, and the run can be explained", async (_what, wait) => {
  const parent = defineParent(wait);
  await using world = await startWorld([parent, sleeper]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  expect(await run.explain()).toMatchObject({ reasons: [{ until: new Date(8.64e15) }] });
});
