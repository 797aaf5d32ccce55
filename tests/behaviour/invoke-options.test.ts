import { BeckonClient, type InvokeOptions, invokeTrigger, type IO, type RunContext } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** Returns what reached it of the options of its call. */
function defineMirror(id = "mirror") {
  return client.defineJob({
    id,
    name: "Mirror",
    version: "1.2.3",
    trigger: invokeTrigger({ schema: z.object({ n: z.number() }) }),
    run: async ({ n }, io: IO, ctx: RunContext) => ({
      n,
      now: await io.now("now"),
      context: ctx.event.context,
      account: ctx.account,
      tags: ctx.run.tags,
      parent: ctx.parent,
      isTest: ctx.run.isTest,
      timestamp: ctx.event.timestamp,
    }),
  });
}

const OPTIONS = {
  context: { from: "the sign-up page", at: new Date(7) },
  accountId: "acme",
  tags: ["a", "b"],
  priority: 7,
  delay: "1h",
  ttl: "2h",
  maxDuration: "5m",
  concurrencyKey: "acme",
  callbackUrl: "https://example.com/done",
  idempotencyKey: "once",
  detached: true,
  isTest: true,
} as const satisfies InvokeOptions;

/** Every way of making a run of `mirror` with options; each resolves with the run's id. */
const doors: Readonly<
  Record<string, (mirror: ReturnType<typeof defineMirror>, options: InvokeOptions) => Promise<string>>
> = {
  invoke: async (mirror, options) => (await mirror.invoke({ n: 1 }, options)).id,
  invokeAndWait: async (mirror, options) => (await mirror.invokeAndWait({ n: 1 }, options)).id,
  batchInvoke: async (mirror, options) => (await mirror.batchInvoke([{ payload: { n: 1 }, options }]))[0]?.id ?? "",
  batchInvokeAndWait: async (mirror, options) =>
    (await mirror.batchInvokeAndWait([{ payload: { n: 1 }, options }]))[0]?.id ?? "",
};

for (const [door, open] of Object.entries(doors)) {
  test(`B15 every option reaches the run through ${door}`, async () => {
    const mirror = defineMirror();
    await using world = await startWorld([mirror]);
    const startedAt = world.clock.now();
    const made = open(mirror, OPTIONS);
    await world.clock.tick();
    const [run] = (await world.engine.listRuns({})).runs;
    if (run === undefined) throw new Error("A run was to be made.");
    expect(await world.engine.readRun(run.id)).toMatchObject({
      status: "DELAYED",
      startAt: new Date(startedAt + 3_600_000),
      priority: 7,
      tags: ["a", "b"],
      accountId: "acme",
      concurrencyKey: "acme",
      idempotencyKey: "once",
      callbackUrl: "https://example.com/done",
      isDetached: true,
      isTest: true,
      context: { from: "the sign-up page", at: new Date(7) },
    });
    expect(await world.store.readRun(run.id)).toMatchObject({ ttlMs: 7_200_000, maxDurationMs: 300_000 });
    await world.clock.advance(3_600_000);
    const result = await mirror.run(await made).result();
    expect(result).toMatchObject({
      ok: true,
      isTest: true,
      invocation: { payload: { n: 1 }, context: OPTIONS.context },
      output: {
        now: new Date(startedAt + 3_600_000),
        context: OPTIONS.context,
        account: { id: "acme" },
        tags: ["a", "b"],
        isTest: true,
        timestamp: new Date(startedAt),
      },
    });
  });

  test(`B15 every option reaches the child through ${door} inside a run`, async () => {
    const mirror = defineMirror();
    const parent = client.defineJob({
      id: "parent",
      name: "Parent",
      version: "1.0.0",
      trigger: invokeTrigger(),
      run: async () => open(mirror, OPTIONS),
    });
    await using world = await startWorld([mirror, parent]);
    const startedAt = world.clock.now();
    const run = await parent.invoke({});
    await world.clock.advance(3_600_000);
    const childId = await run.output();
    expect(await mirror.run(childId).output()).toMatchObject({
      now: new Date(startedAt + 3_600_000),
      context: OPTIONS.context,
      account: { id: "acme" },
      tags: ["a", "b"],
      parent: { runId: run.id, jobId: "parent" },
      isTest: true,
    });
    expect(await world.store.readRun(childId)).toMatchObject({
      ttlMs: 7_200_000,
      maxDurationMs: 300_000,
      priority: 7,
      concurrencyKey: "acme",
      idempotencyKey: "once",
      callbackUrl: "https://example.com/done",
      isDetached: true,
    });
  });
}

test("B15 a delay may be a Date, one that has passed starts at once, and a ttl lets the run expire", async () => {
  const mirror = defineMirror();
  await using world = await startWorld([mirror]);
  const now = world.clock.now();
  const dated = await mirror.invoke({ n: 1 }, { delay: new Date(now + 5_000) });
  const late = await mirror.invoke({ n: 2 }, { delay: new Date(now - 5_000) });
  expect(await late.output()).toMatchObject({ now: new Date(now) });
  await world.clock.advance(4_999);
  expect(await world.engine.readRun(dated.id)).toMatchObject({ status: "DELAYED" });
  await world.clock.advance(1);
  expect(await dated.output()).toMatchObject({ now: new Date(now + 5_000) });
  await world.engine.setJobPaused({ jobId: "mirror", isPaused: true });
  const expiring = await mirror.invoke({ n: 3 }, { ttl: 2 });
  await world.clock.advance(2_000);
  expect(await expiring.result()).toMatchObject({ ok: false, status: "EXPIRED", error: { code: "EXPIRED" } });
});

test("B15 a job's own ttl and maxDuration hold where the call names none", async () => {
  const job = client.defineJob({
    id: "bounded",
    name: "Bounded",
    version: "1.0.0",
    trigger: invokeTrigger(),
    ttl: "1m",
    maxDuration: "2m",
    run: async () => null,
  });
  await using world = await startWorld([job], { concurrency: 0 });
  const own = await job.invoke({});
  const called = await job.invoke({}, { ttl: "3m", maxDuration: "4m" });
  expect(await world.store.readRun(own.id)).toMatchObject({ ttlMs: 60_000, maxDurationMs: 120_000 });
  expect(await world.store.readRun(called.id)).toMatchObject({ ttlMs: 180_000, maxDurationMs: 240_000 });
});

test("B15 an option that cannot be is refused by name, and no run is made", async () => {
  const mirror = defineMirror();
  await using world = await startWorld([mirror]);
  const refused: Readonly<Record<string, unknown>> = {
    priority: 1.5,
    delay: "soon",
    ttl: -1,
    maxDuration: "1 hour",
    tags: [""],
    accountId: "",
    concurrencyKey: 5,
    callbackUrl: "ftp://example.com",
    context: { close: () => undefined },
    idempotencyKey: "",
  };
  for (const [option, value] of Object.entries(refused)) {
    const call = mirror.invoke({ n: 1 }, { [option]: value });
    await expect(call).rejects.toMatchObject({ code: "INVALID_OPTION", option });
  }
  // Half of an emoji, which no store gives back as it is.
  for (const refusal of [{ tags: ["a \ud83d"] }, { accountId: "\ude00" }, { concurrencyKey: "\ud83d" }]) {
    const [option] = Object.keys(refusal);
    await expect(mirror.invoke({ n: 1 }, refusal)).rejects.toMatchObject({ code: "INVALID_OPTION", option });
  }
  // Nobody could be told there: `fetch` refuses it.
  const call = mirror.invoke({ n: 1 }, { callbackUrl: "https://ada:secret@example.com/" });
  await expect(call).rejects.toThrow('Option "callbackUrl": it has a user or a password in it');
  expect((await world.engine.listRuns({})).runs).toEqual([]);
});
