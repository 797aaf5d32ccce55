import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { startTestEngine } from "./testing/test-engine.ts";

const client = new BeckonClient({ id: "tests" });
const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ name: z.string() }) }),
  run: async (payload, io) => {
    const text = await io.runTask("text", () => `Hello, ${payload.name}`);
    await io.wait("pause", "7d");
    return { text };
  },
});
const parent = client.defineJob({
  id: "parent",
  name: "Parent",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ names: z.array(z.string()) }) }),
  run: async ({ names }) => {
    const results = await greet.batchInvokeAndWait(names.map((name) => ({ payload: { name } })));
    const one = await greet.invokeAndWait({ name: "last" });
    return [...results, one].map((result) => (result.ok ? result.output.text : result.error.code));
  },
});

test("a run with a step and a week's wait finishes with its output", async () => {
  await using world = await startTestEngine([greet]);
  const run = await greet.invoke({ name: "Ada" });
  const result = run.result();
  await world.clock.advance(7 * 86_400_000);
  expect(await result).toMatchObject({ ok: true, output: { text: "Hello, Ada" }, executionCount: 2 });
});

test("a run waits for the runs it invokes", async () => {
  await using world = await startTestEngine([greet, parent]);
  const run = await parent.invoke({ names: ["a", "b"] });
  await world.clock.advance(7 * 86_400_000);
  await world.clock.advance(7 * 86_400_000);
  expect(await run.output()).toEqual(["Hello, a", "Hello, b", "Hello, last"]);
});
