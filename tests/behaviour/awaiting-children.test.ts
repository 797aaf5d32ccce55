import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { JobError, NotFoundError, WaitTimeoutError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const fate = client.defineJob({
  id: "fate",
  name: "Fate",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.enum(["succeed", "decline", "throw", "overrun", "sleep"]) }),
  errors: { DECLINED: z.object({ reason: z.string() }) },
  maxDuration: "1m",
  run: async (how, io, ctx): Promise<{ at: Date }> => {
    if (how === "decline") throw ctx.errors.DECLINED({ reason: "limit" });
    if (how === "throw") throw new RangeError("out of range");
    if (how === "overrun") await new Promise((_resolve, reject) => ctx.signal.addEventListener("abort", reject));
    if (how === "sleep") await io.wait("nap", "1d");
    return { at: new Date(5) };
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

const FACTS = { job: { id: "fate", version: "1.0.0" }, isTest: false, createdAt: expect.any(Date) };

/** How a child may end, and the result that its parent gets. */
const ends: Readonly<Record<string, readonly [() => ReturnType<typeof fate.invokeAndWait>, object]>> = {
  success: [() => fate.invokeAndWait("succeed"), { ok: true, status: "SUCCESS", output: { at: new Date(5) } }],
  "a declared failure": [
    () => fate.invokeAndWait("decline"),
    { ok: false, status: "FAILURE", error: { code: "DECLINED", data: { reason: "limit" } } },
  ],
  "a thrown error": [
    () => fate.invokeAndWait("throw"),
    { ok: false, status: "FAILURE", error: { code: "UNCAUGHT", name: "RangeError", message: "out of range" } },
  ],
  "a timeout": [() => fate.invokeAndWait("overrun"), { ok: false, status: "TIMED_OUT", error: { code: "TIMED_OUT" } }],
  cancel: [
    () => fate.invokeAndWait("sleep", { tags: ["to be canceled"] }),
    { ok: false, status: "CANCELED", error: { code: "CANCELED" } },
  ],
  expiry: [
    () => fate.invokeAndWait("succeed", { ttl: 0, delay: 1 }),
    { ok: false, status: "EXPIRED", error: { code: "EXPIRED" }, startedAt: null },
  ],
};

for (const [end, [invoke, expected]] of Object.entries(ends)) {
  test(`B24 ${end} of a child arrives as a RunResult, and the parent goes on`, async () => {
    const parent = defineParent(invoke);
    await using world = await startWorld([parent, fate]);
    const run = await parent.invoke({});
    while ((await parent.run(run.id).explain()).status !== "SUCCESS") {
      await world.clock.advance(1_000);
      const [sleeper] = (await world.engine.listRuns({ tag: "to be canceled", status: "WAITING" })).runs;
      if (sleeper !== undefined) await fate.run(sleeper.id).cancel();
    }
    const result = await run.output();
    expect(result).toMatchObject({ ...FACTS, ...expected });
    expect(result).toEqual(await fate.run(result.id).result());
    expect(await run.result()).toMatchObject({ status: "SUCCESS" });
  });
}

test("B24 output() throws a JobError inside a run, the same on replay", async () => {
  const seen: unknown[] = [];
  const parent = defineParent(async (io) => {
    const run = await fate.invoke("decline");
    const error = await run.output().catch((thrown: unknown) => thrown);
    seen.push(
      error instanceof JobError && [error.name, error.code, error.message, error.runId === run.id, error.error],
    );
    await io.wait("pause", 1);
  });
  await using world = await startWorld([parent, fate]);
  await world.endOf(await parent.invoke({}));
  expect(seen.slice(-2)).toEqual(
    Array.from({ length: 2 }, () => [
      "JobError",
      "DECLINED",
      "DECLINED",
      true,
      { code: "DECLINED", message: "DECLINED", data: { reason: "limit" } },
    ]),
  );
});

test("B25 a child that ended before the parent began to wait does not hang the parent", async () => {
  const ended = createGate();
  const parent = defineParent(async (io) => {
    const run = await fate.invoke("succeed");
    await io.runTask("let it end", () => ended.passed);
    return (await run.result()).status;
  });
  await using world = await startWorld([parent, fate]);
  const run = await parent.invoke({});
  let childId: string | undefined;
  while (childId === undefined) {
    await world.clock.tick();
    childId = (await world.engine.listRuns({ parent: run.id })).runs[0]?.id;
  }
  await fate.run(childId).result();
  ended.open();
  expect(await run.output()).toBe("SUCCESS");
});

test("B25 nor does one whose idempotency key was used and has finished, nor one that failed under it", async () => {
  const parent = defineParent(async () => {
    const good = await fate.invokeAndWait("succeed", { idempotencyKey: "good" });
    const again = await fate.invokeAndWait("throw", { idempotencyKey: "bad" });
    return [good.id, good.status, again.id, again.status];
  });
  await using _ = await startWorld([parent, fate]);
  const good = await fate.invokeAndWait("succeed", { idempotencyKey: "good" });
  const bad = await fate.invokeAndWait("throw", { idempotencyKey: "bad" });
  const [goodId, goodStatus, badId, badStatus] = await (await parent.invoke({})).output();
  expect([goodId, goodStatus, badStatus]).toEqual([good.id, "SUCCESS", "FAILURE"]);
  expect(badId).not.toBe(bad.id);
});

test("B25 two parents may wait for one child, and one parent twice", async () => {
  const ledger = createLedger();
  const shared = client.defineJob({
    id: "shared",
    name: "Shared",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.wait("nap", 10);
      await io.runTask("work", () => ledger.note("worked"));
      return "done";
    },
  });
  const parent = defineParent(async () => {
    const run = await shared.invoke({}, { idempotencyKey: "one" });
    const results = await Promise.all([run.result(), run.output(), shared.run(run.id).result()]);
    return [run.id, results[0].ok && results[0].output, results[1], results[2].status];
  });
  await using world = await startWorld([parent, shared]);
  const runs = await Promise.all([parent.invoke({}), parent.invoke({})]);
  for (const run of runs) await world.until(run.id, "WAITING");
  await world.clock.advance(10_000);
  const [one, two] = await Promise.all(runs.map((run) => run.output()));
  expect(one?.slice(1)).toEqual(["done", "done", "SUCCESS"]);
  expect(two).toEqual(one);
  expect(ledger.count("worked")).toBe(1);
});

/** Fails unless the mood is good. */
function defineMoody(mood: { readonly isGood: boolean }) {
  return client.defineJob({
    id: "moody",
    name: "Moody",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => {
      if (!mood.isGood) throw new Error("not today");
      return "fine";
    },
  });
}

/** Until the run waits in `io.wait("pause", …)`. */
async function untilPaused({ engine }: World, runId: string): Promise<void> {
  for await (const event of engine.events({ runId })) {
    if (event.type === "task" && event.task.id === "pause" && event.task.status === "WAITING") return;
  }
}

test("B25 a parent asks again for a result it had, and gets the same though the child was retried since", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  const seen: string[] = [];
  const parent = defineParent(async (io) => {
    const run = await moody.invoke({});
    seen.push((await run.result()).status);
    await io.wait("pause", 1);
    seen.push((await run.result()).status);
    return run.id;
  });
  await using world = await startWorld([parent, moody]);
  const run = await parent.invoke({});
  await untilPaused(world, run.id);
  mood.isGood = true;
  const [child] = (await world.engine.listRuns({ job: "moody" })).runs;
  await world.engine.retry(child?.id ?? "");
  expect(await moody.run(child?.id ?? "").output()).toBe("fine");
  await world.endOf(run);
  expect(new Set(seen)).toEqual(new Set(["FAILURE"]));
});

test("B25 a child that is retried by hand before its parent has looked is waited for once more", async () => {
  const mood = { isGood: false };
  const moody = defineMoody(mood);
  const parent = defineParent(async () => (await moody.invokeAndWait({})).status);
  await using world = await startWorld([parent, moody]);
  await world.engine.setJobPaused({ jobId: "moody", isPaused: true });
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.engine.setJobPaused({ jobId: "parent", isPaused: true });
  await world.engine.setJobPaused({ jobId: "moody", isPaused: false });
  await world.until(run.id, "QUEUED", 2);
  await world.engine.setJobPaused({ jobId: "moody", isPaused: true });
  mood.isGood = true;
  const [child] = (await world.engine.listRuns({ job: "moody" })).runs;
  await world.engine.retry(child?.id ?? "");
  await world.engine.setJobPaused({ jobId: "parent", isPaused: false });
  await world.until(run.id, "WAITING", 2);
  await world.engine.setJobPaused({ jobId: "moody", isPaused: false });
  expect(await run.output()).toBe("SUCCESS");
});

test("B25 waiting for a run that is not there is an error at once, and on replay", async () => {
  const seen: unknown[] = [];
  const parent = defineParent(async (io) => {
    seen.push(
      await fate
        .run("run_nobody")
        .result()
        .catch((error: unknown) => error instanceof NotFoundError),
    );
    await io.wait("pause", 1);
  });
  await using world = await startWorld([parent, fate]);
  await world.endOf(await parent.invoke({}));
  expect(seen).toEqual([true, true]);
});

test("B25 a run of another job has no result for a handle: inside a run, on replay, and outside of one", async () => {
  const seen: unknown[] = [];
  const ask = (id: string) =>
    fate
      .run(id)
      .result()
      .catch((error: unknown) => error instanceof NotFoundError);
  const other = client.defineJob({
    id: "other",
    name: "Other",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => 1,
  });
  const parent = defineParent(async (io) => {
    const child = await other.invoke({});
    seen.push(await ask(child.id));
    await io.wait("pause", 1);
    return child.id;
  });
  await using world = await startWorld([parent, fate, other]);
  const result = await world.endOf(await parent.invoke({}));
  expect(seen).toEqual([true, true]);
  expect(await ask(result.ok ? result.output : "")).toBe(true);
});

test("B28 a wait that times out rejects with WaitTimeoutError, from outside a run", async () => {
  await using world = await startWorld([fate]);
  const run = await fate.invoke("sleep");
  const waits = [
    run.result({ timeout: 5 }),
    run.output({ timeout: "5s" }),
    fate.invokeAndWait("sleep", { timeout: 5 }),
  ];
  const settled = Promise.allSettled(waits);
  await world.until(run.id, "WAITING");
  await world.clock.advance(4_999);
  expect(await Promise.race([settled, Promise.resolve("waiting")])).toBe("waiting");
  await world.clock.advance(1);
  for (const wait of await settled) expect(wait).toMatchObject({ reason: expect.any(WaitTimeoutError) });
  await expect(run.result({ timeout: 0 })).rejects.toMatchObject({
    code: "WAIT_TIMEOUT",
    message: expect.stringContaining(run.id),
  });
  await world.clock.advance(86_400_000);
  expect(await run.result({ timeout: 0 })).toMatchObject({ ok: true });
});
