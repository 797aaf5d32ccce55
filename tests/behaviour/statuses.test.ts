import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO) => Promise<Output>) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

test("a status is there to be read while the run goes on, changes by its updates, and is part of the result", async () => {
  const middle = createGate();
  const job = defineJob(async (io) => {
    const status = await io.createStatus("upload", { label: "Uploading", state: "loading", data: { done: 0 } });
    await status.update("half", { data: { done: 50, at: new Date(1) } });
    await io.runTask("middle", () => middle.passed);
    await status.update("end", { label: "Uploaded", state: "success" });
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const records = [];
  for await (const event of run.events()) {
    if (event.type !== "status-record") continue;
    records.push([event.record.label, event.record.state, event.record.data]);
    if (records.length !== 2) continue;
    expect((await server.engine.readRun(run.id)).statuses).toMatchObject([
      { key: "upload", label: "Uploading", state: "loading", data: { done: 50, at: new Date(1) } },
    ]);
    middle.open();
  }
  const half = { done: 50, at: new Date(1) };
  expect(records).toEqual([
    ["Uploading", "loading", { done: 0 }],
    ["Uploading", "loading", half],
    ["Uploaded", "success", half],
  ]);
  expect((await run.result()).statuses).toEqual([
    { key: "upload", label: "Uploaded", state: "success", data: half, updatedAt: new Date(server.clock.now()) },
  ]);
});

test("B39 statuses are neither repeated nor set back by replay, across restarts", async () => {
  const job = defineJob(async (io) => {
    const status = await io.createStatus("progress", { label: "Begins" });
    for (let turn = 1; turn <= 3; turn += 1) {
      await status.update(["turn", turn], { label: `Turn ${turn}` });
      await io.wait(["pause", turn], "1m");
    }
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start();
  const result = two.use(job).run(id).result();
  for (let turn = 1; turn <= 3; turn += 1) await two.clock.advance(60_000);
  expect((await result).statuses).toMatchObject([{ label: "Turn 3" }]);
  const labels = (await two.eventsOf(id)).flatMap((event) =>
    event.type === "status-record" ? [event.record.label] : [],
  );
  expect(labels).toEqual(["Begins", "Turn 1", "Turn 2", "Turn 3"]);
});

test("a failed run keeps its statuses; a status or an update made twice is an error that names it", async () => {
  const job = defineJob(async (io) => {
    const status = await io.createStatus("one", { label: "One", data: undefined });
    await status.update("same", { state: "failure" });
    const again = status.update("same", { state: "success" });
    const twice = io.createStatus("one", { label: "Twice" });
    const refusals = await Promise.allSettled([again, twice]);
    throw new AggregateError(
      refusals,
      refusals.map((one) => String(one.status === "rejected" && one.reason)).join("\n"),
    );
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = await (await server.use(job).invoke({})).result();
  expect(result).toMatchObject({
    ok: false,
    statuses: [{ key: "one", label: "One", state: "failure", data: undefined }],
  });
  const [update, status] = (result.ok ? "" : result.error.message).split("\n");
  expect(update).toContain('The key "same" of an update of status "one" is used twice in this run: give each');
  expect(status).toContain('The key "one" of a status is used twice in this run: give each');
});

test("the steps of a status's updates are named by their keys", async () => {
  const job = defineJob(async (io) => {
    const status = await io.createStatus("progress", { label: "Progress" });
    await status.update("tick", { data: 1 });
    await status.update(["row", 2], { data: 2 });
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await run.result();
  expect((await server.engine.readTasks(run.id)).map(({ name }) => name)).toEqual([
    "status progress",
    "status progress · tick",
    'status progress · ["row",2]',
  ]);
});

test("a status may be updated inside a task and in parallel branches", async () => {
  const job = defineJob(async (io) => {
    const status = await io.createStatus("all", { label: "All" });
    await io.runTask("task", () => status.update("inside", { label: "Inside" }));
    await io.parallel("items", [1, 2], (n) => status.update("done", { data: n }));
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = await (await server.use(job).invoke({})).result();
  expect(result).toMatchObject({ ok: true, statuses: [{ label: "Inside", data: expect.any(Number) }] });
});

test("statuses of one key in different scopes are different records, each with its own updates", async () => {
  const job = defineJob(async (io) => {
    const own = await io.createStatus("progress", { label: "own" });
    await io.runTask("task", async (_task, inside) => {
      const status = await inside.createStatus("progress", { label: "task" });
      await status.update("end", { data: 2 });
    });
    await io.parallel("items", ["a", "b"], async (item, _index, inside) => {
      const status = await inside.createStatus("progress", { label: item, data: item });
      await status.update("end", { state: "success" });
    });
    await own.update("end", { data: 1 });
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const { statuses } = await (await server.use(job).invoke({})).result();
  expect(statuses.map(({ label, state, data }) => [label, state, data])).toEqual([
    ["own", null, 1],
    ["task", null, 2],
    ["a", "success", "a"],
    ["b", "success", "b"],
  ]);
  expect(statuses.map(({ key }) => key).slice(0, 2)).toEqual(["progress", "task/~:progress"]);
});

test("B23 statuses whose keys are a list, the text that it reads like, and what tells that text apart are three", async () => {
  const job = defineJob(async (io) => {
    for (const key of [["row", 1], '["row",1]', '~2"row",1]']) {
      const status = await io.createStatus(key, { label: JSON.stringify(key) });
      await status.update("end", { state: "success" });
    }
    await io.wait("pause", "1m");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  await server.clock.advance(60_000);
  const { statuses } = await run.result();
  expect(statuses.map(({ label, state }) => [label, state])).toEqual([
    ['["row",1]', "success"],
    [String.raw`"[\"row\",1]"`, "success"],
    [String.raw`"~2\"row\",1]"`, "success"],
  ]);
  // As people read it; a text is what it was but where it would be another one's equal.
  expect(statuses[0]?.key).toBe('["row",1]');
});

test("a status whose key was cut in the middle of an emoji is refused: it would be another one's equal", async () => {
  const job = defineJob((io) =>
    io.createStatus("\ud83d", { label: "Begins" }).then(String, (error: Error) => error.message),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  expect(await (await server.use(job).invoke({})).output()).toMatch('Option "key": it has half of a surrogate pair');
});
