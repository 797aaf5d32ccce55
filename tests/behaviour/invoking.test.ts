import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob, JobDisabledError, NotConnectedError, NotFoundError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

function defineEcho(id = "echo") {
  return client.defineJob({
    id,
    name: "Echo",
    version: "1.2.3",
    trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
    run: async ({ n }) => n,
  });
}

test("B10 an invoke is acknowledged after its run is on disk", async () => {
  const echo = defineEcho();
  await using world = await startWorld([echo], { concurrency: 0 });
  const { id } = await echo.invoke({ n: 1 });
  await world.restart([]);
  expect(await world.engine.readRun(id)).toMatchObject({ status: "QUEUED", payload: { n: 1 } });
});

test("B10 a process that dies before the acknowledgement has made the run or has not, and never half of it", async () => {
  for (const moment of ["before", "after"] as const) {
    const echo = defineEcho();
    // The first write is the worker's registration, the next two are the start's look for dead processes and due work.
    await using world = await startWorld([echo], { crashAt: { write: 4, moment } });
    const ledger = createLedger();
    void echo.batchInvoke([{ payload: { n: 1 } }, { payload: { n: 2 } }]).then(() => ledger.note("acknowledged"));
    await world.died;
    await world.restart();
    expect(ledger.entries).toEqual([]);
    const { runs } = await world.engine.listRuns({});
    expect(runs).toHaveLength(moment === "before" ? 0 : 2);
    for (const { id } of runs) expect(await echo.run(id).result()).toMatchObject({ ok: true });
  }
});

test("B14 a job whose schema is a string is invoked with a string, outside and inside a run", async () => {
  const shout = client.defineJob({
    id: "shout",
    name: "Shout",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (text) => text.toUpperCase(),
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (text, io) => {
      const one = await (await shout.invoke(text)).output();
      const two = await shout.invokeAndWait(`${one}?`, { key: "two" });
      const three = await (await io.invoke(shout, "three")).output();
      const [four] = await shout.batchInvokeAndWait([{ payload: "four" }]);
      return [one, two.ok && two.output, three, four?.ok && four.output];
    },
  });
  await using _ = await startWorld([shout, parent]);
  expect(await (await shout.invoke("hello")).output()).toBe("HELLO");
  expect(await shout.invokeAndWait("")).toMatchObject({ ok: true, output: "" });
  const refused = shout.invoke({ text: "hello" } as unknown as string);
  await expect(refused).rejects.toMatchObject({ code: "INVALID_PAYLOAD", issues: [{ path: [] }] });
  expect(await (await parent.invoke("hi")).output()).toEqual(["HI", "HI?", "THREE", "FOUR"]);
});

test("B16 an unknown job is NOT_FOUND", async () => {
  const echo = defineEcho();
  await using world = await startWorld([echo]);
  const invoke = world.engine.invoke({ jobId: "nobody", items: [{ payload: {}, options: {} }], isBatch: false });
  await expect(invoke).rejects.toBeInstanceOf(NotFoundError);
  await expect(invoke).rejects.toThrow('There is no job "nobody" on this server: check the id, or deploy the server');
  const pause = world.engine.setJobPaused({ jobId: "nobody", isPaused: true });
  await expect(pause).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("B16 an unknown run is NOT_FOUND, whatever is asked of it", async () => {
  const echo = defineEcho();
  await using world = await startWorld([echo]);
  const { engine } = world;
  const runId = "run_nobody";
  const run = echo.run(runId);
  const calls: readonly (() => Promise<unknown>)[] = [
    () => run.result(),
    () => run.output(),
    () => run.cancel(),
    () => run.explain(),
    () => run.events()[Symbol.asyncIterator]().next(),
    () => engine.retry(runId),
    () => engine.replay({ runId }),
    () => engine.readRun(runId),
    () => engine.readTasks(runId),
    () => engine.readLogs({ runId }),
  ];
  for (const call of calls)
    await expect(call()).rejects.toMatchObject({ code: "NOT_FOUND", message: expect.stringContaining("run_nobody") });
});

test("B16 a disabled job is refused, from outside, in a batch and from a run", async () => {
  const disabled = client.defineJob({
    id: "old-report",
    name: "Old report",
    version: "1.0.0",
    trigger: invokeTrigger(),
    enabled: false,
    run: async () => null,
  });
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => disabled.invoke({}).catch((error: unknown) => [error instanceof JobDisabledError, String(error)]),
  });
  await using world = await startWorld([disabled, parent]);
  await expect(disabled.invoke({})).rejects.toBeInstanceOf(JobDisabledError);
  await expect(disabled.batchInvoke([{ payload: {} }])).rejects.toThrow('Job "old-report" is disabled');
  expect((await world.engine.listRuns({})).runs).toEqual([]);
  expect(await (await parent.invoke({})).output()).toEqual([
    true,
    expect.stringMatching(/Job "old-report" is disabled: set/),
  ]);
});

test("B16 a job that is not connected says how to connect it", async () => {
  const lonely = defineEcho("lonely");
  const sentence = /Job "lonely" is not connected: start a server.*createServer.*client\.connect.*@beckon\/client\/env/;
  await expect(lonely.invoke({ n: 1 })).rejects.toThrow(sentence);
  await expect(lonely.invoke({ n: 1 })).rejects.toBeInstanceOf(NotConnectedError);
  await expect(lonely.batchInvoke([{ payload: { n: 1 } }])).rejects.toThrow(sentence);
  await expect(lonely.run("run_1").result()).rejects.toThrow(sentence);
});

test("B16 a call with two servers around is refused, and one bound to a server is not", async () => {
  const echo = defineEcho();
  await using one = await startWorld([echo]);
  await using two = await startWorld([echo]);
  await expect(echo.invoke({ n: 1 })).rejects.toThrow(/connected to .* and .*: call it through server\.jobs/);
  const run = await bindJob(echo, two.engine.transport).invoke({ n: 1 });
  expect(await run.output()).toBe(1);
  expect((await one.engine.listRuns({})).runs).toEqual([]);
});

test("B16 inside a run a job goes to the server of the run, though another is connected, too", async () => {
  const echo = defineEcho();
  const opened = createGate();
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => {
      await opened.passed;
      return (await echo.invoke({ n: 5 })).output();
    },
  });
  await using one = await startWorld([echo, parent]);
  const run = await parent.invoke({});
  await using two = await startWorld([echo]);
  opened.open();
  expect(await run.output()).toBe(5);
  expect((await one.engine.listRuns({})).runs).toHaveLength(2);
  expect((await two.engine.listRuns({})).runs).toEqual([]);
});

test("ids sort as the instants of creation do, also where a schema takes its time", async () => {
  const gate = createGate();
  const ledger = createLedger();
  const schema = z.string().refine(async (text) => {
    ledger.note(text);
    if (text === "slow") await gate.passed;
    return true;
  });
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger({ schema }),
    run: async () => undefined,
  });
  await using world = await startWorld([job], { concurrency: 0 });
  const slow = job.invoke("slow");
  await ledger.until("slow");
  await world.clock.advance(1_000);
  const quick = await job.invoke("quick");
  await world.clock.advance(1_000);
  gate.open();
  const made = [quick.id, (await slow).id];
  expect(made.toSorted()).toEqual(made);
  const [first, second] = await Promise.all(made.map((id) => world.engine.readRun(id)));
  expect(Number(second?.createdAt) - Number(first?.createdAt)).toBe(1_000);
});
