import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { RunStateError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

/** Sleeps for a day, or returns or fails at once. */
const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.enum(["sleep", "end", "fail"]) }),
  run: async (how, io) => {
    if (how === "fail") throw new Error("as it was told");
    if (how === "sleep") await io.wait("nap", "1d");
    return how;
  },
});

function defineParent<Output>(run: (io: IO) => Promise<Output>, id = "parent") {
  return client.defineJob({
    id,
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

async function statusesOf(world: World, ids: readonly string[]): Promise<string[]> {
  return Promise.all(ids.map(async (id) => (await world.engine.readRun(id)).status));
}

/** Invokes the parent and resolves when it waits, with the ids it reports first. */
async function startFamily(world: World, job: ReturnType<typeof defineParent>, made: Promise<readonly string[]>) {
  const run = await job.invoke({});
  const ids = await made;
  await world.until(run.id, "WAITING");
  return { run, ids };
}

test("B29 canceling a parent cancels every unfinished run it created, however it was created and whatever it does", async () => {
  const made = createGate<readonly string[]>();
  const parent = defineParent(async (io) => {
    const runs = [
      await child.invoke("sleep"),
      await child.invoke("sleep", { delay: "1h" }),
      await child.invoke("sleep", { key: "keyed", idempotencyKey: "own" }),
      ...(await child.batchInvoke([{ payload: "sleep" }, { payload: "sleep" }])),
      await io.invoke(child, "sleep"),
    ];
    const inTask = await io.runTask("task", async () => (await child.invoke("sleep")).id);
    made.open([...runs.map(({ id }) => id), inTask]);
    await io.wait("pause", "1d");
  });
  await using world = await startWorld([parent, child]);
  const { run, ids } = await startFamily(world, parent, made.passed);
  await run.cancel();
  expect(await statusesOf(world, [run.id, ...ids])).toEqual(Array.from({ length: 8 }, () => "CANCELED"));
  expect(await run.result()).toMatchObject({ ok: false, status: "CANCELED", error: { code: "CANCELED" } });
  await world.clock.advance(2 * 86_400_000);
  expect(await statusesOf(world, ids)).toEqual(Array.from({ length: 7 }, () => "CANCELED"));
});

test("B29 cancel spares detached runs and what those made, and runs adopted by idempotency key", async () => {
  const made = createGate<readonly string[]>();
  const freed = defineParent(async (io) => {
    const run = await child.invoke("sleep");
    await io.wait("pause", "1d");
    return run.id;
  }, "freed");
  const parent = defineParent(async (io) => {
    const detached = await freed.invoke({}, { detached: true });
    const adopted = await child.invoke("sleep", { idempotencyKey: "shared" });
    const own = await child.invoke("sleep");
    made.open([detached.id, adopted.id, own.id]);
    await io.wait("pause", "1d");
  });
  await using world = await startWorld([parent, freed, child]);
  const stranger = await child.invoke("sleep", { idempotencyKey: "shared" });
  const { run, ids } = await startFamily(world, parent, made.passed);
  await world.until(ids[0] ?? "", "WAITING");
  expect(ids[1]).toBe(stranger.id);
  await run.cancel();
  expect(await statusesOf(world, ids)).toEqual(["WAITING", "WAITING", "CANCELED"]);
  await world.clock.advance(86_400_000);
  const grandchild = await freed.run(ids[0] ?? "").output();
  expect(await statusesOf(world, [...ids, grandchild])).toEqual(["SUCCESS", "SUCCESS", "CANCELED", "SUCCESS"]);
});

test("B29 a run that several adopt is canceled with the one that made it, and with no other", async () => {
  const made = createGate<readonly string[]>();
  const share = async (io: IO) => {
    const run = await child.invoke("sleep", { idempotencyKey: "shared" });
    made.open([run.id]);
    await io.wait("pause", "1d");
  };
  const maker = defineParent(share, "maker");
  const adopter = defineParent(share, "adopter");
  await using world = await startWorld([maker, adopter, child]);
  const { run, ids } = await startFamily(world, maker, made.passed);
  const other = await adopter.invoke({});
  await world.until(other.id, "WAITING");
  await other.cancel();
  expect(await statusesOf(world, ids)).toEqual(["WAITING"]);
  await run.cancel();
  expect(await statusesOf(world, ids)).toEqual(["CANCELED"]);
});

test("B29 cancel reaches grandchildren, also through a child that has finished", async () => {
  const made = createGate<readonly string[]>();
  const middle = defineParent(async () => (await child.invoke("sleep")).id, "middle");
  const parent = defineParent(async (io) => {
    const run = await middle.invoke({});
    const grandchild = await run.output();
    made.open([run.id, grandchild]);
    await io.wait("pause", "1d");
  });
  await using world = await startWorld([parent, middle, child]);
  const { run, ids } = await startFamily(world, parent, made.passed);
  await world.until(run.id, "WAITING");
  await run.cancel();
  expect(await statusesOf(world, ids)).toEqual(["SUCCESS", "CANCELED"]);
});

test("B29 a run that is born while its parent is canceled is not left behind, whichever comes first", async () => {
  const gates = Array.from({ length: 20 }, () => ({ isReady: createGate(), mayGoOn: createGate() }));
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.number() }),
    run: async (index) => {
      gates[index]?.isReady.open();
      await gates[index]?.mayGoOn.passed;
      await child.invoke("sleep");
    },
  });
  await using world = await startWorld([parent, child]);
  for (const [index, { isReady, mayGoOn }] of gates.entries()) {
    const run = await parent.invoke(index);
    await isReady.passed;
    mayGoOn.open();
    // As many steps ahead of the cancel, from none to enough for the birth to be first.
    for (let step = 0; step < index; step += 1) await Promise.resolve();
    await run.cancel();
    await world.clock.tick();
    expect(await run.result()).toMatchObject({ status: "CANCELED" });
  }
  const { runs } = await world.engine.listRuns({ job: "child" });
  expect(runs.filter(({ status }) => status !== "CANCELED")).toEqual([]);
  expect(runs.length).toBeGreaterThan(0);
  expect(runs.length).toBeLessThan(gates.length);
});

test("B29 a failing parent cancels nothing", async () => {
  const made = createGate<readonly string[]>();
  const parent = defineParent(async () => {
    const run = await child.invoke("sleep");
    made.open([run.id]);
    throw new Error("for a reason of its own");
  });
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  const ids = await made.passed;
  expect(await run.result()).toMatchObject({ status: "FAILURE" });
  await world.clock.advance(86_400_000);
  expect(await child.run(ids[0] ?? "").output()).toBe("sleep");
});

test("B29 a finished run cannot be canceled, and keeps its status and result", async () => {
  await using world = await startWorld([child]);
  for (const how of ["end", "fail", "sleep"] as const) {
    const run = await child.invoke(how);
    if (how === "sleep") await run.cancel();
    const before = await run.result();
    const refusal = await run.cancel().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RunStateError);
    expect(String(refusal)).toContain(`Run ${run.id} is finished (${before.status}) and cannot be canceled`);
    expect(await run.result()).toEqual(before);
    expect((await world.engine.readRun(run.id)).status).toBe(before.status);
  }
});

test("B29 a finished parent cannot be canceled, and its unfinished children go on", async () => {
  const parent = defineParent(async () => (await child.invoke("sleep")).id);
  await using world = await startWorld([parent, child]);
  const run = await parent.invoke({});
  const childId = await run.output();
  await expect(run.cancel()).rejects.toBeInstanceOf(RunStateError);
  await world.clock.advance(86_400_000);
  expect(await child.run(childId).output()).toBe("sleep");
});

test("B29 a parent that waits for a canceled child goes on with that result, and its other children with their work", async () => {
  const made = createGate<readonly string[]>();
  const parent = defineParent(async () => {
    const [one, two] = await child.batchInvoke([{ payload: "sleep" }, { payload: "sleep" }]);
    made.open([one?.id ?? "", two?.id ?? ""]);
    return Promise.all([one?.result(), two?.result()]).then((results) => results.map((result) => result?.status));
  });
  await using world = await startWorld([parent, child]);
  const { run, ids } = await startFamily(world, parent, made.passed);
  await child.run(ids[0] ?? "").cancel();
  await world.clock.advance(86_400_000);
  expect(await run.output()).toEqual(["CANCELED", "SUCCESS"]);
});

test("B29 a run may cancel the runs it made, and itself", async () => {
  const parent = defineParent(async (io) => {
    const run = await child.invoke("sleep");
    await io.runTask("cancel", () => run.cancel());
    return (await run.result()).status;
  });
  const suicidal = client.defineJob({
    id: "suicidal",
    name: "Suicidal",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, _io, ctx): Promise<string> => {
      await child.run(ctx.run.id).cancel();
      return "too late";
    },
  });
  await using _ = await startWorld([parent, suicidal, child]);
  expect(await (await parent.invoke({})).output()).toBe("CANCELED");
  expect(await (await suicidal.invoke({})).result()).toMatchObject({ status: "CANCELED" });
});

test("B43 a run that is canceled in the moment in which its function returns frees its limit's place", async () => {
  let isFirst = true;
  const limited = client.defineJob({
    id: "limited",
    name: "Limited",
    version: "1.0.0",
    concurrencyLimit: 1,
    trigger: invokeTrigger(),
    run: async (_payload, io, ctx) => {
      if (!isFirst) return "second";
      isFirst = false;
      // A step that is noted and not yet saved, a cancel on its way to disk, and the end of the function, in one turn.
      void io.runTask("floating", () => new Promise<never>(() => undefined));
      void child.run(ctx.run.id).cancel();
      return "first";
    },
  });
  await using world = await startWorld([limited, child]);
  const first = await limited.invoke({});
  expect(await first.result()).toMatchObject({ status: "CANCELED" });
  const second = await limited.invoke({});
  expect(await world.endOf(second)).toMatchObject({ ok: true, output: "second" });
});
