import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });
const retry = { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false };

function defineJob(run: (io: IO) => Promise<unknown>, options: { readonly retry?: typeof retry } = {}) {
  const base = { id: "job", name: "Job", version: "1.0.0", trigger: invokeTrigger() };
  return client.defineJob({ ...base, ...options, run: (_payload, io) => run(io) });
}

function waitForApproval(io: IO): Promise<unknown> {
  return io.waitForSignal("approval", "approved", { schema: z.object({ by: z.string() }) });
}

const good = { name: "approved", payload: { by: "Ada" } };
const bad = { name: "approved", payload: { by: 5 } };

test("a run that a refused signal failed waits for the next signal when it is retried by hand", async () => {
  const job = defineJob(waitForApproval);
  await using world = await createWorld([job]);
  const server = await world.start();
  await server.engine.sendSignal(bad);
  const run = await server.use(job).invoke({});
  expect(await run.result()).toMatchObject({ status: "FAILURE", error: { name: "InvalidSignalError" } });
  await server.engine.retry(run.id);
  await server.until(run.id, "WAITING");
  await server.engine.sendSignal(good);
  expect(await run.output()).toEqual({ by: "Ada" });
});

for (const [where, job] of [
  ["of the run", defineJob(waitForApproval, { retry })],
  [
    "of the task around it",
    defineJob((io) => io.runTask("ask", (_task, taskIo) => waitForApproval(taskIo), { retry })),
  ],
] as const)
  test(`the next attempt ${where} waits for the signal after one that was refused`, async () => {
    await using world = await createWorld([job]);
    const server = await world.start();
    await server.engine.sendSignal(bad);
    await server.engine.sendSignal(good);
    const run = await server.use(job).invoke({});
    await server.until(run.id, where === "of the run" ? "DELAYED" : "WAITING");
    await server.clock.advance(1_000);
    expect(await run.result()).toMatchObject({ status: "SUCCESS", output: { by: "Ada" } });
  });
