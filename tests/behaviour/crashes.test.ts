import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { type Play, playEveryCrash } from "./every-crash.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import type { World } from "./world.ts";

/** Each test plays some hundred short plays. */
vi.setConfig({ testTimeout: 60_000 });

const client = new BeckonClient({ id: "tests" });

/** Does its work in a task, and notes when that is kept. */
function defineChild(ledger: Ledger) {
  return client.defineJob({
    id: "child",
    name: "Child",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.string() }),
    run: async (name, io, ctx) => {
      await io.runTask("work", () => ledger.note(`work ${ctx.run.id}`));
      ledger.note(`kept ${ctx.run.id}`);
      if (name === "nap") await io.wait("nap", 2);
      if (name === "fail") throw new Error("as it was told");
      return name;
    },
  });
}

/** Nothing is done again once it is kept. */
function expectNoRepeats({ entries }: Ledger): void {
  for (const [index, entry] of entries.entries()) {
    if (entry.startsWith("kept ")) expect(entries.slice(index)).not.toContain(entry.replace("kept", "work"));
  }
}

async function payloadsOf(world: World, parentId: string): Promise<string[]> {
  const { runs } = await world.engine.listRuns({ parent: parentId, limit: 100 });
  for (const run of runs) {
    const ends = [];
    for await (const event of world.engine.events({ runId: run.id })) {
      if (event.type === "status" && event.status === run.status) ends.push(event.seq);
    }
    expect(ends).toHaveLength(1);
  }
  const payloads = await Promise.all(runs.map(async ({ id }) => String((await world.engine.readRun(id)).payload)));
  // In one millisecond the ids of two processes sort as chance has it.
  return payloads.toSorted((one, other) => one.localeCompare(other));
}

const ONCE = { idempotencyKey: "the one" };

function playInvoking(): Play<readonly string[]> {
  const ledger = createLedger();
  const child = defineChild(ledger);
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const one = await child.invoke("one");
      const two = await child.invoke("two", { key: "two" });
      const inTask = await io.runTask("call", async () => (await child.invoke("three")).id);
      await io.wait("pause", 1);
      const four = await child.invoke("one");
      return [one.id, two.id, inTask, four.id];
    },
  });
  return {
    jobs: [parent, child],
    begin: () => parent.invoke({}, ONCE),
    check: async (result, world) => {
      const ids = result.ok ? result.output : [];
      expect(new Set(ids).size).toBe(4);
      for (const id of ids) await world.endOf(child.run(id));
      expect(await payloadsOf(world, result.id)).toEqual(["one", "one", "three", "two"]);
      expectNoRepeats(ledger);
    },
  };
}

test("B22 a parent whose process dies at any write has exactly one child for each call", async () => {
  expect(await playEveryCrash(playInvoking)).toBeGreaterThan(20);
});

function playWaiting(): Play<readonly unknown[]> {
  const ledger = createLedger();
  const child = defineChild(ledger);
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const [nap, fail] = await Promise.all([child.invokeAndWait("nap"), child.invokeAndWait("fail")]);
      await io.runTask("resume", () => ledger.note("work resumed"));
      ledger.note("kept resumed");
      return [nap.ok && nap.output, !fail.ok && fail.error.message];
    },
  });
  return {
    jobs: [parent, child],
    begin: () => parent.invoke({}, ONCE),
    check: async (result, world) => {
      expect(result).toMatchObject({ ok: true, output: ["nap", "as it was told"] });
      expect(await payloadsOf(world, result.id)).toEqual(["fail", "nap"]);
      expectNoRepeats(ledger);
    },
  };
}

test("B27 a parent whose process dies at any write resumes with its children's results, once", async () => {
  expect(await playEveryCrash(playWaiting)).toBeGreaterThan(20);
});

function playBatch(): Play<readonly unknown[]> {
  const ledger = createLedger();
  const child = defineChild(ledger);
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async () => {
      const results = await child.batchInvokeAndWait(["a", "nap", "b", "fail", "b"].map((payload) => ({ payload })));
      return results.map((result) => (result.ok ? result.output : result.error.message));
    },
  });
  return {
    jobs: [parent, child],
    begin: () => parent.invoke({}, ONCE),
    check: async (result, world) => {
      expect(result).toMatchObject({ ok: true, output: ["a", "nap", "b", "as it was told", "b"] });
      expect(await payloadsOf(world, result.id)).toEqual(["a", "b", "b", "fail", "nap"]);
      expectNoRepeats(ledger);
    },
  };
}

test("B31 with a crash at any write of a batchInvokeAndWait no item runs twice and every result arrives", async () => {
  expect(await playEveryCrash(playBatch)).toBeGreaterThan(20);
});

function playRetry(): Play<string> {
  const ledger = createLedger();
  const child = defineChild(ledger);
  let isGood = false;
  const parent = client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 5, minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: async (_payload, io) => {
      const failed = await child.invokeAndWait("fail");
      const good = await child.invokeAndWait("good");
      const seen = await io.runTask("look", () => `${failed.status} ${good.status}`);
      if (isGood) return seen;
      isGood = true;
      throw new Error("once");
    },
  });
  return {
    jobs: [parent, child],
    begin: () => parent.invoke({}, ONCE),
    check: async (result, world) => {
      expect(result).toMatchObject({ ok: true, output: "FAILURE SUCCESS" });
      const payloads = await payloadsOf(world, result.id);
      expect(payloads.filter((payload) => payload === "good")).toHaveLength(1);
      // The failed child is invoked anew by each new attempt.
      const { attempt } = await world.engine.readRun(result.id);
      expect(payloads.filter((payload) => payload === "fail")).toHaveLength(attempt);
    },
  };
}

test("B22 a retried parent whose process dies at any write keeps its good child and invokes the failed one anew", async () => {
  expect(await playEveryCrash(playRetry)).toBeGreaterThan(20);
});
