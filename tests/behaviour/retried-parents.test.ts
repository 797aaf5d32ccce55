import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** What each child does: it is asked at every execution, so a test may change its mind. */
type Fates = Record<string, "succeed" | "fail" | "sleep">;

function defineChild(fates: Fates) {
  return client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (name, io) => {
      const fate = fates[name];
      if (fate === "sleep") await io.wait("nap", 30);
      if (fate === "fail") throw new Error(`${name} has failed`);
      return name;
    },
  });
}

function defineParent(run: (io: IO, attempt: number) => Promise<unknown>, limit?: number) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: limit === undefined ? undefined : { limit, minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

async function childrenOf({ engine }: World, parentId: string): Promise<readonly string[]> {
  const { runs } = await engine.listRuns({ parent: parentId, limit: 100 });
  const views = await Promise.all(runs.toReversed().map(({ id }) => engine.readRun(id)));
  return views.map(({ payload, status }) => `${String(payload)} ${status}`);
}

/** Invokes three children, and fails while one of them has. */
function defineThreefold(child: ReturnType<typeof defineChild>, options: (name: string) => object, limit?: number) {
  return defineParent(async (_io, attempt) => {
    const results = await Promise.all(
      ["good", "bad", "slow"].map(async (name) => {
        const run = await child.invoke(name, options(name));
        return name === "slow" && attempt === 1 ? null : run.output();
      }),
    );
    return results.join(" ");
  }, limit);
}

for (const [kind, options] of Object.entries({ unkeyed: () => ({}), keyed: (name: string) => ({ key: name }) })) {
  test(`B22 a parent retried by hand keeps its unfinished and successful children and invokes the failed anew (${kind})`, async () => {
    const fates: Fates = { good: "succeed", bad: "fail", slow: "sleep" };
    const child = defineChild(fates);
    const parent = defineThreefold(child, options);
    await using world = await startWorld([parent, child]);
    const run = await parent.invoke({});
    expect(await world.endOf(run)).toMatchObject({ ok: false, error: { message: "bad has failed" } });
    expect(await childrenOf(world, run.id)).toEqual(["good SUCCESS", "bad FAILURE", "slow WAITING"]);
    fates["bad"] = "succeed";
    await world.engine.retry(run.id);
    expect(await world.endOf(run)).toMatchObject({ output: "good bad slow" });
    expect(await childrenOf(world, run.id)).toEqual(["good SUCCESS", "bad FAILURE", "slow SUCCESS", "bad SUCCESS"]);
  });

  test(`B22 a parent retried by its policy keeps its unfinished and successful children (${kind})`, async () => {
    const fates: Fates = { good: "succeed", bad: "fail", slow: "sleep" };
    const child = defineChild(fates);
    const parent = defineThreefold(child, options, 2);
    await using world = await startWorld([parent, child]);
    const run = await parent.invoke({});
    await world.until(run.id, "DELAYED");
    fates["bad"] = "succeed";
    await world.restart();
    expect(await world.endOf(parent.run(run.id))).toMatchObject({ output: "good bad slow" });
    expect(await childrenOf(world, run.id)).toEqual(["good SUCCESS", "bad FAILURE", "slow SUCCESS", "bad SUCCESS"]);
  });
}

test("B22 every way a child ends not ok is invoked anew by a retried parent", async () => {
  const fates: Fates = { canceled: "sleep", failed: "fail", expired: "succeed", good: "succeed" };
  const child = defineChild(fates);
  const parent = defineParent(async () => {
    const batch = ["canceled", "failed", "expired", "good"].map((payload) => ({
      payload,
      options: payload === "expired" && fates["expired"] === "succeed" ? { delay: 1, ttl: 0 } : {},
    }));
    const results = await child.batchInvokeAndWait(batch);
    if (results.some(({ ok }) => !ok)) throw new Error(results.map(({ status }) => status).join(" "));
    return results.length;
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  const [, , , first] = (await world.engine.listRuns({ parent: run.id })).runs;
  await child.run(first?.id ?? "").cancel();
  expect(await world.endOf(run)).toMatchObject({ error: { message: "CANCELED FAILURE EXPIRED SUCCESS" } });
  for (const name of Object.keys(fates)) fates[name] = "succeed";
  fates["expired"] = "sleep";
  await world.engine.retry(run.id);
  expect(await world.endOf(run)).toMatchObject({ output: 4 });
  expect(await childrenOf(world, run.id)).toHaveLength(7);
});

test("B22 a child retried by hand before its parent is the parent's child again, with its new result", async () => {
  const fates: Fates = { bad: "fail" };
  const child = defineChild(fates);
  for (const invoke of [
    async () => (await child.invokeAndWait("bad")).status,
    async () => (await child.batchInvokeAndWait([{ payload: "bad" }])).map(({ status }) => status).join(),
  ]) {
    fates["bad"] = "fail";
    const parent = defineParent(async () => {
      const status = await invoke();
      if (status !== "SUCCESS") throw new Error(status);
      return status;
    });
    await using world = await startWorld([parent, child]);
    const run = await parent.invoke({});
    expect(await world.endOf(run)).toMatchObject({ error: { message: "FAILURE" } });
    fates["bad"] = "succeed";
    const [bad] = (await world.engine.listRuns({ parent: run.id })).runs;
    await world.engine.retry(bad?.id ?? "");
    await child.run(bad?.id ?? "").output();
    await world.engine.retry(run.id);
    expect(await world.endOf(run)).toMatchObject({ ok: true, output: "SUCCESS" });
    expect(await childrenOf(world, run.id)).toEqual(["bad SUCCESS"]);
  }
});

test("B22 a child that ended while its parent had failed is there when the parent is retried", async () => {
  const child = defineChild({ slow: "sleep" });
  const parent = defineParent(async (io, attempt) => {
    const slow = child.invokeAndWait("slow");
    if (attempt === 1) {
      await io.wait("let the other wait begin", 1);
      throw new Error("too early");
    }
    return (await slow).status;
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  expect(await world.endOf(run)).toMatchObject({ ok: false, error: { message: "too early" } });
  await world.clock.advance(30_000);
  expect(await childrenOf(world, run.id)).toEqual(["slow SUCCESS"]);
  await world.engine.retry(run.id);
  expect(await run.output()).toBe("SUCCESS");
});

test("B22 a wait that had timed out is begun anew by a retried parent", async () => {
  const child = defineChild({ slow: "sleep" });
  const parent = defineParent(async () => (await child.invokeAndWait("slow", { timeout: 16 })).status);
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(16_000);
  expect(await run.result()).toMatchObject({ ok: false, error: { name: "WaitTimeoutError" } });
  await world.engine.retry(run.id);
  expect(await world.endOf(run)).toMatchObject({ output: "SUCCESS" });
  expect(await childrenOf(world, run.id)).toEqual(["slow SUCCESS"]);
});

test("B22 a retried parent makes its calls one after the other, the forgotten before the kept", async () => {
  const fates: Fates = { first: "fail", second: "fail", third: "succeed" };
  const child = defineChild(fates);
  const parent = defineParent(async (io) => {
    const results = [];
    for (const name of Object.keys(fates)) results.push(await child.invokeAndWait(name));
    await io.wait("pause", 1);
    if (results.some(({ ok }) => !ok)) throw new Error("not all went well");
    return results.map(({ id }) => id);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  expect(await world.endOf(run)).toMatchObject({ ok: false, error: { message: "not all went well" } });
  fates["second"] = "succeed";
  await world.engine.retry(run.id);
  expect(await world.endOf(run)).toMatchObject({ ok: false, error: { message: "not all went well" } });
  fates["first"] = "succeed";
  await world.engine.retry(run.id);
  expect(await world.endOf(run)).toMatchObject({ ok: true });
  expect((await childrenOf(world, run.id)).toSorted()).toEqual([
    "first FAILURE",
    "first FAILURE",
    "first SUCCESS",
    "second FAILURE",
    "second SUCCESS",
    "third SUCCESS",
  ]);
});

test("B22 a task's next attempt begins once the child is made that the one before it was making, and has its id", async () => {
  const mayBeMade = createGate();
  const slow = client.defineJob({
    id: "slow",
    name: "Slow",
    version: "1.0.0",
    trigger: invokeTrigger({
      schema: z.string().refine(async () => {
        await mayBeMade.passed;
        return true;
      }),
    }),
    run: async (text) => text,
  });
  const ledger = createLedger();
  const retry = { limit: 2, minTimeoutInMs: 100, factor: 1, randomize: false } as const;
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) =>
      io.runTask(
        "make",
        async (task) => {
          ledger.note(`attempt ${task.attempt}`);
          return { ids: [(await slow.invoke("a")).id, (await slow.invoke("b", { key: "b" })).id] };
        },
        { timeout: "1s", retry },
      ),
  });
  await using world = await startWorld([parent, slow]);
  const run = await parent.invoke({});
  await ledger.until("attempt 1");
  await world.clock.advance(1_000);
  await world.clock.advance(100);
  expect(ledger.entries).toEqual(["attempt 1"]);
  mayBeMade.open();
  await ledger.until("attempt 2");
  const output = await run.output();
  const { runs } = await world.engine.listRuns({ job: "slow" });
  expect(runs).toHaveLength(2);
  expect(output).toEqual({ ids: runs.map(({ id }) => id).toReversed() });
});

test("B22 a child retried by hand in the pause of a task is its child in the next attempt, with its new result", async () => {
  const fates: Fates = { one: "fail" };
  const child = defineChild(fates);
  const paused = createGate();
  const parent = defineParent((io) =>
    io.runTask(
      "asks",
      async () => {
        const result = await child.invokeAndWait("one");
        if (!result.ok) throw new Error("not yet");
        return result.output;
      },
      { retry: { limit: 2, minTimeoutInMs: 300, factor: 1, randomize: false } },
      () => paused.open(),
    ),
  );
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await paused.passed;
  fates["one"] = "succeed";
  const { runs } = await world.engine.listRuns({ parent: run.id });
  await world.engine.retry(runs[0]?.id ?? "");
  expect(await world.endOf(run)).toMatchObject({ output: "one" });
  expect(await childrenOf(world, run.id)).toEqual(["one SUCCESS"]);
});
