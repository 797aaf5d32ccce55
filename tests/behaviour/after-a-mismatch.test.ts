import { BeckonClient, type InvokeOptions, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startWorld, type World } from "./world.ts";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.string() }),
  run: async (text) => text,
});

/** One deploy of a parent: it sends this to its child, and waits. */
function defineParent(sent: string, options?: InvokeOptions) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const run = await child.invoke(sent, options);
      await io.wait("pause", 1);
      return run.output();
    },
  });
}

const recorded = defineParent("recorded");

/** A run that has made its child, and met a deploy whose code sends that another payload. */
async function startMismatched(): Promise<{ readonly world: World; readonly id: string; readonly message: string }> {
  const world = await startWorld([recorded, child]);
  const { id } = await recorded.invoke({});
  await world.until(id, "WAITING");
  const other = defineParent("other");
  await world.restart([other, child]);
  await world.clock.advance(1_000);
  const result = await world.endOf(other.run(id));
  return { world, id, message: result.ok ? "" : result.error.message };
}

async function retryUnder(world: World, parent: typeof recorded, id: string): Promise<unknown> {
  await world.restart([parent, child]);
  await world.engine.retry(id);
  await world.until(id, "WAITING");
  await world.clock.advance(1_000);
  return parent.run(id).output();
}

async function countChildren(world: World, id: string): Promise<number> {
  return (await world.engine.listRuns({ parent: id, limit: 100 })).runs.length;
}

test("B22 after a mismatch, code that makes the recorded calls again brings the run to its end with the child that it has", async () => {
  const { world, id, message } = await startMismatched();
  await using _ = world;
  expect(message).toContain("To end this run without a second child, deploy code that makes the recorded calls again");
  expect(message).toContain("For the runs to come give each call a key");
  expect(await retryUnder(world, recorded, id)).toBe("recorded");
  expect(await countChildren(world, id)).toBe(1);
});

test("a call that gets a key under a run that recorded it without one makes its child anew", async () => {
  const { world, id } = await startMismatched();
  await using _ = world;
  expect(await retryUnder(world, defineParent("other", { key: "child" }), id)).toBe("other");
  expect(await countChildren(world, id)).toBe(2);
});
