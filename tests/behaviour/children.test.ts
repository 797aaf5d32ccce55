import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** Returns what it was sent. */
function defineChild(id = "child") {
  return client.defineJob({
    id,
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (text) => text,
  });
}

function defineParent<Output>(run: (io: IO, attempt: number) => Promise<Output>, retry?: { limit: number }) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    ...(retry && { retry: { minTimeoutInMs: 1_000, factor: 1, randomize: false, ...retry } }),
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

async function payloadsOfChildren(world: World, parentId: string): Promise<unknown[]> {
  const { runs } = await world.engine.listRuns({ parent: parentId, limit: 100 });
  return Promise.all(runs.toReversed().map(async (run) => (await world.engine.readRun(run.id)).payload));
}

test("B22 a parent that replays after its calls has exactly one child for each", async () => {
  const child = defineChild();
  const ids: string[][] = [];
  const parent = defineParent(async (io) => {
    const made = [
      await child.invoke("a"),
      await child.invoke("b", { key: "b" }),
      await io.invoke(child, "c"),
      ...(await child.batchInvoke([{ payload: "d" }, { payload: "e" }])),
      await io.runTask("in a task", async () => child.invoke("f").then(({ id }) => ({ id }))),
    ];
    ids.push(made.map(({ id }) => id));
    await io.wait("pause", 1);
    return ids.length;
  });
  await using world = await startWorld([parent, child]);
  const { id } = await parent.invoke({});
  await world.until(id, "WAITING");
  await world.restart();
  await world.clock.advance(1_000);
  expect(await parent.run(id).output()).toBe(2);
  expect(ids[1]).toEqual(ids[0]);
  expect(await payloadsOfChildren(world, id)).toEqual(["a", "b", "c", "d", "e", "f"]);
});

test("B22 equal calls in a row are calls of their own, each with its child again", async () => {
  const child = defineChild();
  const ids: string[][] = [];
  const parent = defineParent(async (io) => {
    const made: string[] = [];
    for (let call = 0; call < 3; call += 1) made.push((await child.invoke("same")).id);
    ids.push(made);
    await io.wait("pause", 1);
    made.push((await child.invoke("same")).id);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(1_000);
  await run.output();
  expect(ids[1]?.slice(0, 3)).toEqual(ids[0]);
  expect(new Set(ids[1]).size).toBe(4);
  expect(await payloadsOfChildren(world, run.id)).toHaveLength(4);
});

test("B22 unkeyed calls whose order changes on replay get their own child by payload", async () => {
  const child = defineChild();
  const names = ["a", "b", "c", "d"];
  const seen: Record<string, string>[] = [];
  const parent = defineParent(async (io) => {
    // Each execution comes by in another order: as answers from outside might.
    const order = seen.length % 2 === 0 ? names : names.toReversed();
    const made = await Promise.all(order.map(async (name) => [name, (await child.invoke(name)).id] as const));
    seen.push(Object.fromEntries(made));
    await io.wait("one", 1);
    await io.wait("two", 1);
    await io.wait("three", 1);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  for (let time = 1; time <= 3; time += 1) {
    await world.until(run.id, "WAITING", time);
    await world.clock.advance(1_000);
  }
  await run.output();
  expect(seen).toHaveLength(4);
  for (const ids of seen) expect(ids).toEqual(seen[0]);
  expect(await payloadsOfChildren(world, run.id)).toEqual(names);
});

test("B22 calls that wait for their children in another order on replay get their own results", async () => {
  const child = defineChild();
  let executions = 0;
  const parent = defineParent(async () => {
    executions += 1;
    const names = executions % 2 === 1 ? ["a", "b", "c"] : ["c", "b", "a"];
    const results = await Promise.all(
      names.map(async (name) => [name, await child.invokeAndWait(name, { delay: name === "b" ? 2 : 1 })] as const),
    );
    return Object.fromEntries(results.map(([name, result]) => [name, result.ok && result.output]));
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(1_000);
  await world.clock.advance(1_000);
  expect(await run.output()).toEqual({ a: "a", b: "b", c: "c" });
  expect(executions).toBeGreaterThan(1);
  expect(await payloadsOfChildren(world, run.id)).toHaveLength(3);
});

test("B22 a call that comes by before a recorded one of another payload waits for that to come by", async () => {
  const child = defineChild();
  const reached = createGate();
  let executions = 0;
  const parent = defineParent(async (io) => {
    executions += 1;
    const early = executions === 1 ? io.wait("not yet", 1) : Promise.resolve();
    const one = early.then(() => child.invoke("new"));
    const two = io.runTask("look", () => "old").then((text) => child.invoke(text));
    const made = await Promise.all([one, two]);
    reached.open();
    return made.map((run) => run.id);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(1_000);
  await reached.passed;
  const [fresh, old] = await run.output();
  expect(await payloadsOfChildren(world, run.id)).toEqual(["old", "new"]);
  expect(fresh).not.toBe(old);
});

test("B22 a call that fits no recorded one ends the run with STEP_MISMATCH, though it is caught", async () => {
  const child = defineChild();
  let executions = 0;
  const caught = createLedger();
  const parent = defineParent(
    async (io) => {
      executions += 1;
      try {
        await child.invoke(`payload ${executions}`);
      } catch (error) {
        caught.note(String(error));
      } finally {
        caught.note(`finally ${executions}`);
      }
      await io.wait("pause", 1);
    },
    { limit: 3 },
  );
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  const result = await world.endOf(run);
  expect(result).toMatchObject({ ok: false, status: "FAILURE", error: { code: "STEP_MISMATCH" } });
  expect(!result.ok && result.error.message).toMatch(
    /invoked job "child" with a payload.*give each call a key, such as child\.invoke\(payload, \{ key: \["child"/,
  );
  expect(executions).toBe(2);
  expect(caught.entries).toEqual(["finally 1"]);
  expect(await payloadsOfChildren(world, run.id)).toEqual(["payload 1"]);
});

test("B22 a mismatch in one branch under Promise.all ends the run and swaps nobody's child", async () => {
  const child = defineChild();
  let executions = 0;
  const parent = defineParent(async (io) => {
    executions += 1;
    const names = executions === 1 ? ["a", "b"] : ["a", "x"];
    await Promise.allSettled(names.map((name) => child.invoke(name)));
    await io.wait("pause", 1);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  expect(await world.endOf(run)).toMatchObject({ ok: false, error: { code: "STEP_MISMATCH" } });
  expect(await payloadsOfChildren(world, run.id)).toEqual(["a", "b"]);
});

test("B22 a mismatch inside a task names the task, and calls of other jobs and scopes do not count", async () => {
  const child = defineChild();
  const other = defineChild("other");
  let executions = 0;
  const parent = defineParent(async (io) => {
    executions += 1;
    await other.invoke("elsewhere", { key: `other ${executions}` });
    await io.runTask("pick", async () => {
      await child.invoke(`in a task ${executions}`);
      if (executions === 1) await io.wait("for ever", "1d");
    });
  });
  await using world = await startWorld([parent, child, other]);
  const { id } = await parent.invoke({});
  const waiting = world.engine.events({ runId: id });
  for await (const event of waiting) if (event.type === "task" && event.task.status === "WAITING") break;
  await world.restart();
  const result = await world.endOf(parent.run(id));
  expect(result).toMatchObject({ ok: false, error: { code: "STEP_MISMATCH" } });
  expect(!result.ok && result.error.message).toContain('inside step "pick"');
});

test("B22 a new call after recorded ones that were made again is a new child", async () => {
  const child = defineChild();
  const parent = defineParent(async (io) => {
    await child.invoke("a");
    await io.wait("pause", 1);
    await child.invoke("b");
    await io.wait("again", 1);
    await child.invoke("a");
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(1_000);
  await world.until(run.id, "WAITING", 2);
  await world.clock.advance(1_000);
  await run.output();
  expect(await payloadsOfChildren(world, run.id)).toEqual(["a", "b", "a"]);
});

test("B22 a call that comes by early waits for the recorded one, though the function is busy with what is no step", async () => {
  const child = defineChild();
  const answer = createGate();
  let executions = 0;
  const parent = defineParent(async (io) => {
    executions += 1;
    const execution = executions;
    const slow = async () => {
      if (execution > 1) await answer.passed;
      return child.invoke("recorded");
    };
    const later = async () => {
      await io.wait("pause", 1);
      return child.invoke("new");
    };
    return (await Promise.all([slow(), later()])).map(({ id }) => id);
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  await world.until(run.id, "WAITING");
  await world.clock.advance(1_000);
  await world.clock.advance(4_000);
  answer.open();
  expect(await run.output()).toHaveLength(2);
  expect(executions).toBe(2);
  expect(await payloadsOfChildren(world, run.id)).toEqual(["recorded", "new"]);
});

test("B22 a key under which another step is recorded ends the run with STEP_MISMATCH", async () => {
  const child = defineChild();
  const other = defineChild("other");
  for (const [first, sentence] of [
    [(io: IO) => io.runTask("mail", () => 1), 'a step of the kind "task" is recorded in this run'],
    [() => other.invoke("a", { key: "mail" }), 'a call of job "other" is recorded in this run'],
  ] as const) {
    let executions = 0;
    const parent = defineParent(async (io) => {
      executions += 1;
      await (executions === 1 ? first(io) : child.invoke("a", { key: "mail" }).catch(() => null));
      await io.wait("pause", 1);
    });
    await using world = await startWorld([parent, child, other]);
    const run = await parent.invoke({});
    await world.until(run.id, "WAITING");
    const result = await world.endOf(run);
    expect(result).toMatchObject({ ok: false, error: { code: "STEP_MISMATCH" } });
    expect(!result.ok && result.error.message).toContain(
      `invoked job "child" under the key "mail", under which ${sentence}`,
    );
  }
});
