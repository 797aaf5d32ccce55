import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { AbortReason, type RunContext, RunStateError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { marksOf, startChildServer } from "./children/child-server.ts";
import { careless, markedJobs } from "./children/marked-jobs.ts";
import { createGate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO, ctx: RunContext) => Output | Promise<Output>, concurrencyLimit?: number) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit,
    run: (_payload, io, ctx) => run(io, ctx),
  });
}

/** Notes why the signal aborted. */
function noteAbort(signal: AbortSignal, ledger: Ledger): void {
  signal.addEventListener("abort", () => {
    const { reason } = signal;
    ledger.note(reason instanceof AbortReason ? `aborted: ${reason.kind}` : "aborted otherwise");
  });
}

test("B43 cancel settles the status at once and aborts the signal of the running job with its reason", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = defineJob(async (io, ctx) => {
    noteAbort(ctx.signal, ledger);
    await io.runTask("work", async (task) => {
      expect(task.signal.aborted).toBe(false);
      ledger.note("working");
      await end.passed;
      ledger.note(`task's signal aborted: ${task.signal.aborted}`);
    });
    ledger.note("went on after the cancel");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("working");
  await run.cancel();
  // The function still runs: the status does not wait for it.
  expect(await run.result()).toMatchObject({ ok: false, status: "CANCELED", error: { code: "CANCELED" } });
  await ledger.until("aborted: canceled");
  end.open();
  await ledger.until("task's signal aborted: true");
  await server.clock.tick();
  expect(ledger.entries).not.toContain("went on after the cancel");
  expect(await run.result()).toMatchObject({ status: "CANCELED" });
});

test("B43 what a canceled function does and throws afterwards is not kept, and its later calls reject with the reason", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = defineJob(async (io, ctx) => {
    try {
      await io.runTask("work", () => {
        ledger.note("working");
        return end.passed;
      });
    } catch (error) {
      ledger.note(`caught ${(error as AbortReason).kind}`);
      await io
        .runTask("after", () => ledger.note("a task after the cancel"))
        .catch((again: unknown) => {
          ledger.note(`again ${(again as AbortReason).kind}`);
        });
      io.logger.info("after the cancel");
      throw new Error(`thrown after the cancel of ${ctx.run.id}`, { cause: error });
    } finally {
      ledger.note("finally");
    }
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("working");
  await run.cancel();
  const events = await server.eventsOf(run.id);
  end.open();
  await ledger.until("finally");
  await server.clock.tick();
  expect(ledger.entries).toEqual(["working", "caught canceled", "again canceled", "finally"]);
  expect(await run.result()).toMatchObject({ status: "CANCELED", error: { code: "CANCELED" } });
  expect(await server.eventsOf(run.id)).toEqual(events);
});

test("B43 the limit's place of a canceled run is free when its function has ended, not before", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = defineJob(async () => {
    ledger.note("started");
    if (ledger.count("started") === 1) await end.passed;
  }, 1);
  await using world = await createWorld([job]);
  const server = await world.start();
  const first = await server.use(job).invoke({});
  await ledger.until("started");
  const second = await server.use(job).invoke({});
  await first.cancel();
  await server.clock.advance(60_000);
  expect((await first.result()).status).toBe("CANCELED");
  expect(ledger.count("started")).toBe(1);
  expect(await second.explain()).toMatchObject({
    status: "QUEUED",
    reasons: expect.arrayContaining([{ kind: "limited", limit: "job:job", taken: 1, max: 1, heldBy: [first.id] }]),
  });
  end.open();
  expect(await second.result()).toMatchObject({ ok: true });
});

test("B43 cancel ends a delayed, a queued and a waiting run, none of which runs any more code", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    ledger.note("run");
    await io.wait("hour", "1h");
    ledger.note("after the wait");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const delayed = await server.use(job).invoke({}, { delay: "1h" });
  const waiting = await server.use(job).invoke({});
  await server.until(waiting.id, "WAITING");
  await server.engine.setJobPaused({ jobId: "job", isPaused: true });
  const queued = await server.use(job).invoke({});
  for (const run of [delayed, waiting, queued]) await run.cancel();
  await server.engine.setJobPaused({ jobId: "job", isPaused: false });
  await server.clock.advance(7_200_000);
  for (const run of [delayed, waiting, queued]) expect((await run.result()).status).toBe("CANCELED");
  expect(await delayed.result()).toMatchObject({ startedAt: null, executionCount: 0 });
  expect(ledger.entries).toEqual(["run"]);
});

test("B29 B43 a finished run cannot be canceled and keeps its status", async () => {
  const job = defineJob(() => "done");
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  await expect(run.cancel()).rejects.toThrow(RunStateError);
  await expect(run.cancel()).rejects.toThrow(/SUCCESS/);
  expect((await run.result()).status).toBe("SUCCESS");
  await expect(server.use(job).run("run_nothing").cancel()).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("B43 a run canceled from another process is aborted where it runs", async () => {
  const ledger = createLedger();
  const job = defineJob(async (_io, ctx) => {
    noteAbort(ctx.signal, ledger);
    ledger.note("working");
    await new Promise((resolve) => ctx.signal.addEventListener("abort", resolve));
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const two = await world.start({ concurrency: 0 });
  const run = await one.use(job).invoke({});
  await ledger.until("working");
  await two.use(job).run(run.id).cancel();
  await ledger.until("aborted: canceled");
  expect((await run.result()).status).toBe("CANCELED");
});

test("B43 canceling a run that holds promises it does not wait for yet does not end the process", async () => {
  await using world = await createWorld(markedJobs);
  await using child = await startChildServer({ path: world.path });
  const reader = await world.start({ concurrency: 0, startAt: Date.now() });
  const run = await reader.use(careless).invoke({ name: "ada", marks: marksOf(world.path) });
  expect(await run.result()).toMatchObject({ status: "CANCELED" });
  // It executes another, and then stops in good order.
  const next = await reader.use(careless).invoke({ name: "bob", marks: marksOf(world.path) });
  expect(await next.result()).toMatchObject({ status: "CANCELED" });
  expect(await child.stop()).toBe(0);
  const logs = await reader.engine.readLogs({ runId: run.id });
  expect(logs.map(({ level, message }) => `${level} ${message}`)).toEqual([
    expect.stringMatching(/^error A promise was rejected and nothing waited for it: Error: nobody caught me/),
  ]);
});
