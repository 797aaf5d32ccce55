import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { Store } from "@beckon/engine";
import { createMemoryStore, startTestEngine } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** A job that gives what is in `outputs` under its payload. */
function defineGiver(outputs: Readonly<Record<string, () => unknown>>) {
  return client.defineJob({
    id: "giver",
    name: "Giver",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (name) => outputs[name as string]?.(),
  });
}

test("B37 an output that throws when it is read fails its run, and names the place; the server goes on", async () => {
  const giver = defineGiver({
    getter: () => ({
      list: [
        {
          get lazy(): never {
            throw new Error("not now");
          },
        },
      ],
    }),
    date: () => ({ at: Object.create(Date.prototype) as unknown }),
    map: () => Object.create(Map.prototype) as unknown,
    proxy: () => new Proxy({}, { ownKeys: () => Reflect.ownKeys(null as unknown as object) }),
    good: () => "good",
  });
  await using world = await createWorld([giver]);
  const server = await world.start();
  const endOf = async (name: string) =>
    (await server.use(giver).invokeAndWait(name)) as { error?: { message: string } };
  expect((await endOf("getter")).error?.message).toContain(
    'The output of job "giver".list[0].lazy is a value that throws when it is read (not now)',
  );
  expect((await endOf("date")).error?.message).toContain('The output of job "giver".at is a value that throws');
  for (const name of ["map", "proxy"]) expect((await endOf(name)).error?.message).toContain("throws when it is read");
  expect(await endOf("good")).toMatchObject({ ok: true, output: "good" });
});

test("B37 a task's result that throws when it is read fails the task, which is not called again", async () => {
  let calls = 0;
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const failed = await io
        .runTask("give", () => {
          calls += 1;
          return Object.create(Date.prototype) as Date;
        })
        .catch((error: unknown) => (error as Error).name);
      await io.wait("pause", "1m");
      return failed;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  expect(await output).toBe("UnserializableValueError");
  expect(calls).toBe(1);
});

test("a run whose end the store refuses for ever fails and says why, and the others go on", async () => {
  const real = createMemoryStore();
  const refused: unknown[] = [];
  const settleRuns: Store["settleRuns"] = (request) => {
    const [settlement] = request.settlements;
    if (settlement?.kind !== "end" || settlement.output !== '{"json":"bad"}') return real.settleRuns(request);
    refused.push(settlement);
    return Promise.reject(new TypeError("this value cannot be bound"));
  };
  const giver = defineGiver({ bad: () => "bad", good: () => "good" });
  await using world = await startTestEngine([giver], { store: { ...real, settleRuns } });
  expect(await giver.invokeAndWait("bad")).toMatchObject({
    ok: false,
    error: { code: "UNCAUGHT", name: "TypeError", message: "this value cannot be bound" },
  });
  expect(refused).toHaveLength(1);
  expect(await giver.invokeAndWait("good")).toMatchObject({ ok: true, output: "good" });
  expect(world.engine.health().executing).toBe(0);
});

test("a run whose last steps the store refuses for ever fails and says why", async () => {
  const real = createMemoryStore();
  const recordSteps: Store["recordSteps"] = (request) =>
    request.writes.some(({ tasks }) => tasks.some(({ id }) => id === "left"))
      ? Promise.reject(new TypeError("this step cannot be bound"))
      : real.recordSteps(request);
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      // It has begun when the run ends, so that it is written before the end is.
      void io.runTask("left", () => new Promise(() => undefined));
      return "done";
    },
  });
  await using _ = await startTestEngine([job], { store: { ...real, recordSteps } });
  expect(await job.invokeAndWait({})).toMatchObject({ ok: false, error: { message: "this step cannot be bound" } });
});
