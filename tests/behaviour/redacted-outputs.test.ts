import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

test("an item of io.parallel shows nothing of its value where a task inside it redacts, also when it is looked at alone", async () => {
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) =>
      io.parallel("items", ["secret", "nested", "open"], async (item) => {
        const login = () =>
          io.runTask("login", () => ({ token: "s3cret" }), item === "open" ? {} : { redact: ["token"] });
        return item === "nested" ? io.runTask("around", login) : login();
      }),
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.output()).toEqual([{ token: "s3cret" }, { token: "s3cret" }, { token: "s3cret" }]);
  const shown = await server.engine.readTasks(run.id);
  const items = shown.filter(({ kind }) => kind === "branch").toSorted((one, other) => (one.id < other.id ? -1 : 1));
  expect(items.map(({ output }) => output)).toEqual(["[redacted]", "[redacted]", { token: "s3cret" }]);
  for (const item of items) expect(await server.engine.readTasks(run.id, [item.id])).toEqual([item]);
});

test("why an attempt of a task failed is logged without what the task redacts, in the error's causes and declared data, too", async () => {
  const card = "4111 1111 1111 1111";
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    errors: { DECLINED: z.object({ card: z.string(), bank: z.string() }) },
    run: async (_payload, io, ctx) => {
      const options = { redact: ["card", "answer.card"], retry: { limit: 2, minTimeoutInMs: 1_000 } };
      const pay = (key: string, fail: () => never) =>
        io.runTask(key, ({ attempt }) => (attempt === 1 ? fail() : "paid"), options);
      await pay("thrown", () => {
        const refused = Object.assign(new Error("refused"), { card, status: 402 });
        throw Object.assign(new Error("declined", { cause: refused }), { answer: { card, bank: "a" } });
      });
      await pay("plain cause", () => {
        throw new Error("declined", { cause: { name: "n", message: "m", card } });
      });
      await pay("declared", () => {
        throw ctx.errors.DECLINED({ card, bank: "b" });
      });
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  for (const times of [1, 2, 3]) {
    await server.until(run.id, "WAITING", times);
    await server.clock.advance(2_000);
  }
  await run.output();
  const logs = await server.engine.readLogs({ runId: run.id });
  expect(logs.map(({ data }) => data)).toMatchObject([
    {
      message: "declined",
      properties: { answer: { card: "[redacted]", bank: "a" } },
      cause: { message: "refused", properties: { card: "[redacted]", status: 402 } },
    },
    { cause: { name: "n", message: "m", card: "[redacted]" } },
    { declared: { data: { card: "[redacted]", bank: "b" } } },
  ]);
  expect(JSON.stringify(logs)).not.toContain(card);
});
