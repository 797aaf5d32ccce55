import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { InvalidOptionError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** The calls of `io` as plain JavaScript may make them. */
type LooseIo = { readonly [Name in Exclude<keyof IO, "logger" | "store">]: (...args: unknown[]) => Promise<unknown> };

function defineRefused(call: (io: LooseIo) => Promise<unknown>) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const error = await call(io as unknown as LooseIo).then(
        () => "accepted",
        (thrown: unknown) => thrown,
      );
      return [error instanceof InvalidOptionError, error instanceof Error ? error.message : error];
    },
  });
}

const work = () => "done";

const UNKNOWN = "there is no such option; known are";

test.each<[string, (io: LooseIo) => Promise<unknown>]>([
  [
    `Task "call": Option "retires": ${UNKNOWN} name, icon,`,
    (io) => io.runTask("call", work, { retires: { limit: 3 } }),
  ],
  ['Task ["call",7]: Option "retry.limits": there is', (io) => io.runTask(["call", 7], work, { retry: { limits: 3 } })],
  ['Task "call": Option "retry": 3 is no retry policy', (io) => io.runTask("call", work, { retry: 3 })],
  ['Task "call": Option "timeout": "soon" is not a', (io) => io.runTask("call", work, { timeout: "soon" })],
  ['Task "call": Option "name": it is 5: give a text', (io) => io.runTask("call", work, { name: 5 })],
  ['Task "call": Argument "options": it is a function: give an object', (io) => io.runTask("call", work, work)],
  ['Argument "key": it is a function: each step has a key before all else', (io) => io.runTask(work)],
  ['Wait "pause": Argument "until": "soon" is not a duration', (io) => io.wait("pause", "soon")],
  ['Wait "pause": Argument "until": the Date is invalid', (io) => io.wait("pause", new Date(Number.NaN))],
  [`Wait "ok": Option "tiemout": ${UNKNOWN} id, schema, timeout`, (io) => io.waitForSignal("ok", "o", { tiemout: 1 })],
  ['Wait "ok": Option "timeout": "soon" is not a', (io) => io.waitForSignal("ok", "o", { timeout: "soon" })],
  [`Wait "ok": Option "tiemout": ${UNKNOWN} timeout.`, (io) => io.waitForRequest("ok", work, { tiemout: 1 })],
  ['Wait "ok": Option "timeout": "soon" is not a', (io) => io.waitForRequest("ok", work, { timeout: "soon" })],
  [`Signal "tell": Option "paylod": ${UNKNOWN} id, payload`, (io) => io.sendSignal("tell", "o", { paylod: 1 })],
  [`Status "bar": Option "lable": ${UNKNOWN} label, state, data`, (io) => io.createStatus("bar", { lable: "Bar" })],
  [
    'Status "bar": Option "state": "done" is none: give "loading", "success" or',
    (io) => io.createStatus("bar", { label: "Bar", state: "done" }),
  ],
  ['Status "bar": Argument "status": it is undefined: give an object', (io) => io.createStatus("bar")],
  [`Random value "die": Option "from": ${UNKNOWN} min, max, round`, (io) => io.random("die", { from: 1 })],
  ['Random value "die": Option "min": 2 is above max, 1', (io) => io.random("die", { min: 2, max: 1 })],
])("a step is refused by what is wrong with it: %s", async (message, call) => {
  const job = defineRefused(call);
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.output()).toEqual([true, expect.stringContaining(message)]);
  expect(await server.engine.readTasks(run.id)).toEqual([]);
});

test("an update of a status is refused as its beginning is", async () => {
  const job = defineRefused(async (io) => {
    const status = (await io.createStatus("bar", { label: "Bar" })) as { update(...args: unknown[]): Promise<void> };
    await status.update("end", { state: "done" });
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  expect(await output).toEqual([true, expect.stringContaining('Status "bar": Option "state": "done" is none')]);
});

test("a value that is too large for io.store is refused by its key", async () => {
  const job = defineRefused((io) => (io as unknown as IO).store.run.set("report", "x".repeat(300_000)));
  await using world = await createWorld([job]);
  const server = await world.start();
  const message = 'Key "report" of io.store: Argument "value": it has 300011 bytes, and at most 262144 are kept';
  expect(await (await server.use(job).invoke({})).output()).toEqual([true, expect.stringContaining(message)]);
});

test("what a run has begun goes on, though its options are refused where they are new", async () => {
  const fits = { timeout: "1h" } as const;
  let loose: object = fits;
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const done = await io.runTask("task", work, loose);
      await io.sendSignal("send", "told", loose === fits ? {} : loose);
      await io.random("die", loose === fits ? {} : loose);
      await io.createStatus("bar", loose === fits ? { label: "Bar" } : (loose as { readonly label: string }));
      return [done, await io.waitForSignal("ok", "ok", loose)];
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await expect.poll(async () => (await run.explain()).status).toBe("WAITING");
  loose = { tiemout: 1, redact: "all", state: "done" };
  await server.engine.sendSignal({ name: "ok", payload: "yes" });
  expect(await run.output()).toEqual(["done", "yes"]);
});
