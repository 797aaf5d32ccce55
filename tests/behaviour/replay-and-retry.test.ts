import { BeckonClient, invokeTrigger, type IO, type RunContext } from "@beckon/core";
import { InvalidPayloadError, RunStateError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLedger } from "./ledger.ts";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const OPTIONS = {
  context: { at: new Date(7) },
  accountId: "acme",
  tags: ["a"],
  priority: 3,
  isTest: true,
  concurrencyKey: "acme",
} as const;

/** Fails after its first step unless the mood is good. */
function defineMoody(mood: { isGood: boolean }, ledger = createLedger()) {
  return client.defineJob({
    id: "moody",
    name: "Moody",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
    run: async ({ n }, io: IO, ctx: RunContext) => {
      const { run, event, account } = ctx;
      const first = await io.runTask("first", () => (ledger.note("first"), Math.random()));
      await io.wait("pause", 1);
      const second = await io.runTask("second", () => {
        ledger.note("second");
        if (!mood.isGood) throw new Error("not today");
        return n;
      });
      const { isReplay, attempt, isTest, tags } = run;
      return { first, second, isReplay, attempt, isTest, tags, context: event.context, account };
    },
  });
}

test("B48 a replay is a new run with the same payload, context, account, tags and priority", async () => {
  const moody = defineMoody({ isGood: true });
  await using world = await startWorld([moody]);
  const original = await moody.invoke(
    { n: 5 },
    { ...OPTIONS, idempotencyKey: "k", callbackUrl: "https://example.com/" },
  );
  const first = await world.endOf(original);
  const id = await world.engine.replay({ runId: original.id });
  expect(id).not.toBe(original.id);
  const replayed = await world.endOf(moody.run(id));
  const told = { context: OPTIONS.context, account: { id: "acme" }, tags: ["a"], isTest: true, second: 5, attempt: 1 };
  expect(first).toMatchObject({ output: { ...told, isReplay: false } });
  expect(replayed).toMatchObject({ output: { ...told, isReplay: true }, invocation: { payload: { n: 5 } } });
  expect(replayed.ok && first.ok && replayed.output.first).not.toBe(first.ok && first.output.first);
  expect(await world.engine.readRun(id)).toMatchObject({
    replayOf: original.id,
    priority: 3,
    tags: ["a"],
    accountId: "acme",
    concurrencyKey: "acme",
    idempotencyKey: null,
    callbackUrl: null,
    parentRunId: null,
  });
  expect(await moody.run(original.id).result()).toEqual(first);
});

test("B48 any run can be replayed, whatever became of it, and a replay too", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  await using world = await startWorld([moody]);
  const failed = await moody.invoke({ n: 1 });
  expect(await world.endOf(failed)).toMatchObject({ status: "FAILURE" });
  const canceled = await moody.invoke({ n: 2 }, { delay: "1h" });
  await canceled.cancel();
  const waiting = await moody.invoke({ n: 3 }, { delay: "1h" });
  mood.isGood = true;
  const replays = [];
  for (const { id } of [failed, canceled, waiting]) replays.push(await world.engine.replay({ runId: id }));
  replays.push(await world.engine.replay({ runId: replays[0] ?? "" }));
  const outputs = [];
  for (const id of replays) {
    const result = await world.endOf(moody.run(id));
    outputs.push(result.ok && [result.output.second, result.output.isReplay]);
  }
  expect(outputs).toEqual([
    [1, true],
    [2, true],
    [3, true],
    [1, true],
  ]);
  expect((await world.engine.readRun(replays[3] ?? "")).replayOf).toBe(replays[0]);
});

test("B48 a replay may be given another payload, which is checked as any", async () => {
  const moody = defineMoody({ isGood: true });
  await using world = await startWorld([moody]);
  const original = await moody.invoke({ n: 5 });
  const id = await world.engine.replay({ runId: original.id, payload: { n: 6 } });
  expect(await world.endOf(moody.run(id))).toMatchObject({ output: { second: 6, isReplay: true } });
  const refused = world.engine.replay({ runId: original.id, payload: { n: "six" } });
  await expect(refused).rejects.toBeInstanceOf(InvalidPayloadError);
  expect((await world.engine.listRuns({})).runs).toHaveLength(2);
});

test("B48 a retry opens the same run again, keeps its finished steps and forgets its failed ones", async () => {
  const mood = { isGood: false };
  const ledger = createLedger();
  const moody = defineMoody(mood, ledger);
  await using world = await startWorld([moody]);
  const run = await moody.invoke({ n: 5 }, OPTIONS);
  const failed = await world.endOf(run);
  expect(failed).toMatchObject({ status: "FAILURE", error: { message: "not today" } });
  mood.isGood = true;
  await world.engine.retry(run.id);
  await world.restart();
  const result = await world.endOf(run);
  expect(result).toMatchObject({
    id: run.id,
    status: "SUCCESS",
    createdAt: failed.createdAt,
    output: { second: 5, attempt: 2, isReplay: false, context: OPTIONS.context, account: { id: "acme" } },
  });
  expect(ledger.count("first")).toBe(1);
  expect(ledger.count("second")).toBe(2);
  expect((await world.engine.listRuns({})).runs).toHaveLength(1);
});

test("B48 why a run failed is kept in its log when it is retried, though it succeeds then", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  await using world = await startWorld([moody]);
  const run = await moody.invoke({ n: 5 });
  await world.endOf(run);
  mood.isGood = true;
  await world.engine.retry(run.id);
  expect((await world.endOf(run)).ok).toBe(true);
  expect(await world.engine.readRun(run.id)).toMatchObject({ error: null });
  expect(await world.engine.readLogs({ runId: run.id })).toMatchObject([
    {
      level: "error",
      taskId: null,
      message: "Attempt 1 failed: not today; attempt 2 was asked for by hand.",
      data: { code: "UNCAUGHT", message: "not today", stack: expect.stringContaining("not today") },
    },
  ]);
});

test("B48 a retry that fails again leaves the run failed, and it may be retried again", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  await using world = await startWorld([moody]);
  const run = await moody.invoke({ n: 5 });
  await world.endOf(run);
  for (const attempt of [2, 3]) {
    await world.engine.retry(run.id);
    expect(await world.endOf(run)).toMatchObject({ status: "FAILURE" });
    expect(await world.engine.readRun(run.id)).toMatchObject({ attempt });
  }
  mood.isGood = true;
  await world.engine.retry(run.id);
  expect(await world.endOf(run)).toMatchObject({ ok: true, output: { attempt: 4 } });
});

test("B48 canceled, expired and timed out runs can be retried, unfinished and successful ones are refused", async () => {
  const sleeper = client.defineJob({
    id: "sleeper",
    name: "Sleeper",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.enum(["nap", "overrun", "return"]) }),
    maxDuration: "1m",
    run: async (how, io, ctx) => {
      if (how === "nap") await io.wait("nap", 9);
      if (how === "overrun" && ctx.run.attempt === 1)
        await new Promise((_resolve, reject) => ctx.signal.addEventListener("abort", reject));
      return ctx.run.attempt;
    },
  });
  await using world = await startWorld([sleeper]);
  const { engine } = world;
  const canceled = await sleeper.invoke("nap");
  await canceled.cancel();
  const late = await sleeper.invoke("overrun");
  expect(await world.endOf(late)).toMatchObject({ status: "TIMED_OUT" });
  await engine.setJobPaused({ jobId: "sleeper", isPaused: true });
  const expired = await sleeper.invoke("return", { ttl: 1 });
  expect(await world.endOf(expired)).toMatchObject({ status: "EXPIRED" });
  await engine.setJobPaused({ jobId: "sleeper", isPaused: false });
  for (const run of [canceled, late, expired]) {
    await engine.retry(run.id);
    expect(await world.endOf(run)).toMatchObject({ ok: true, output: 2 });
    const refusal = await engine.retry(run.id).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RunStateError);
    expect(String(refusal)).toContain(`Run ${run.id} is SUCCESS, and only a run that failed can be retried: replay it`);
  }
  const waiting = await sleeper.invoke("nap");
  await world.until(waiting.id, "WAITING");
  const delayed = await sleeper.invoke("return", { delay: 5 });
  for (const run of [waiting, delayed]) {
    await expect(engine.retry(run.id)).rejects.toMatchObject({
      code: "RUN_STATE",
      message: expect.stringContaining(run.id),
    });
  }
});

test("B48 a retry is refused when the run's idempotency key was taken meanwhile, and the run stays as it was", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  await using world = await startWorld([moody]);
  const first = await moody.invoke({ n: 1 }, { idempotencyKey: "k" });
  const failed = await world.endOf(first);
  mood.isGood = true;
  const second = await moody.invoke({ n: 2 }, { idempotencyKey: "k" });
  const refusal = await world.engine.retry(first.id).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RunStateError);
  expect(String(refusal)).toContain(`run ${second.id} has taken its idempotency key meanwhile`);
  expect(await first.result()).toEqual(failed);
  expect(await world.endOf(second)).toMatchObject({ ok: true });
  await expect(world.engine.retry(first.id)).rejects.toBeInstanceOf(RunStateError);
});

test("B48 a retried run has its idempotency key again", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  await using world = await startWorld([moody]);
  const run = await moody.invoke({ n: 1 }, { idempotencyKey: "k" });
  await world.endOf(run);
  mood.isGood = true;
  await world.engine.retry(run.id);
  expect((await moody.invoke({ n: 1 }, { idempotencyKey: "k" })).id).toBe(run.id);
  await expect(moody.invoke({ n: 2 }, { idempotencyKey: "k" })).rejects.toMatchObject({ code: "IDEMPOTENCY_CONFLICT" });
  expect(await world.endOf(run)).toMatchObject({ ok: true });
});

test("B48 who waits for a run that is retried gets the result of its new end", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  await using world = await startWorld([moody]);
  const run = await moody.invoke({ n: 1 });
  expect(await world.endOf(run)).toMatchObject({ ok: false });
  mood.isGood = true;
  await world.engine.retry(run.id);
  const result = run.result();
  await world.endOf(run);
  expect(await result).toMatchObject({ ok: true, output: { second: 1 } });
});

test("B42 a run that is retried has its ttl again, and is expired when that is over", async () => {
  const job = client.defineJob({
    id: "held",
    name: "Held",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => undefined,
  });
  await using world = await startWorld([job]);
  await world.engine.setJobPaused({ jobId: "held", isPaused: true });
  const run = await job.invoke({}, { ttl: 1 });
  await world.clock.advance(1_000);
  expect((await world.engine.readRun(run.id)).status).toBe("EXPIRED");
  await world.engine.retry(run.id);
  expect((await world.engine.readRun(run.id)).status).toBe("QUEUED");
  await world.clock.advance(1_000);
  expect((await world.engine.readRun(run.id)).status).toBe("EXPIRED");
});

test("B28 a wait whose timeout was over before its run was retried times out then", async () => {
  const job = client.defineJob({
    id: "patient",
    name: "Patient",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io: IO) => io.waitForSignal("wake", "wake-up", { timeout: 10 }),
  });
  await using world = await startWorld([job]);
  const run = await job.invoke({});
  await world.until(run.id, "WAITING");
  await run.cancel();
  await world.clock.advance(20_000);
  await world.engine.retry(run.id);
  await world.clock.advance(1);
  expect(await run.result()).toMatchObject({ status: "FAILURE", error: { name: "WaitTimeoutError" } });
});
