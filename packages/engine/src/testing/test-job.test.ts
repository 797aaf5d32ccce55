import { BeckonClient, invokeTrigger } from "@beckon/core";
import { expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { testJob } from "./test-job.ts";

const client = new BeckonClient({ id: "tests" });

const greet = client.defineJob({
  id: "greet",
  name: "Greet",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.object({ name: z.string(), after: z.string().default("7d") }) }),
  errors: { UNKNOWN: z.object({ name: z.string() }) },
  run: async ({ name }, io, ctx) => {
    const title = await io.runTask("look up", () => unreachable());
    if (title === null) throw ctx.errors.UNKNOWN({ name });
    await io.wait("pause", "7d");
    return { text: `Hello, ${title}`, at: await io.now("greeted") };
  },
});

const greetAll = client.defineJob({
  id: "greet-all",
  name: "Greet all",
  version: "1.0.0",
  trigger: invokeTrigger({ schema: z.array(z.string()) }),
  run: async (names, io) => {
    const results = await greet.batchInvokeAndWait(names.map((name) => ({ payload: { name } })));
    await io.wait("rest", "1h");
    return results.map((result) => (result.ok ? result.output.text : result.error.message));
  },
});

const steps = client.defineJob({
  id: "steps",
  name: "Steps",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: (_payload, io) =>
    io.runTask("outer", async (_task, inner) => {
      await inner.wait("inside a task", "3d");
      return inner.runTask(["inner", 1], async () => unreachable(), { retry: { limit: 3 } });
    }),
});

const approval = client.defineJob({
  id: "approval",
  name: "Approval",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: (_payload, io) => io.waitForSignal("approval", "approved"),
});

test("a chosen result takes the place of a task's function, and a week's wait is skipped", async () => {
  const result = await testJob(greet, { name: "Ada" }, { tasks: { "look up": "Countess Lovelace" } });
  expect(result).toMatchObject({
    ok: true,
    output: { text: "Hello, Countess Lovelace", at: new Date("2026-01-08T00:00:00Z") },
  });
});

test("the result has the job's types", async () => {
  const result = await testJob(greet, { name: "Ada" }, { tasks: { "look up": null } });
  if (result.ok) expectTypeOf(result.output).toEqualTypeOf<{ text: string; at: Date }>();
  else if (result.error.code === "UNKNOWN") expectTypeOf(result.error.data).toEqualTypeOf<{ name: string }>();
  expect(result).toMatchObject({ ok: false, error: { code: "UNKNOWN", data: { name: "Ada" } } });
  // @ts-expect-error -- the payload is the schema's input
  await expect(testJob(greet, { name: 1 })).rejects.toThrow("payload.name");
});

test("a chosen Error makes the task fail; a chosen function is called in its place", async () => {
  const failed = await testJob(greet, { name: "Ada" }, { tasks: { "look up": new Error("no such person") } });
  expect(failed).toMatchObject({ ok: false, error: { code: "UNCAUGHT", message: "no such person" } });
  const attempts: number[] = [];
  const inner = ({ attempt }: { attempt: number }): string => {
    attempts.push(attempt);
    if (attempt < 3) throw new Error("busy");
    return "done";
  };
  const retried = await testJob(steps, null, { tasks: { 'outer/["inner",1]': inner } });
  expect(retried).toMatchObject({ ok: true, output: "done" });
  expect(attempts).toEqual([1, 2, 3]);
});

test("jobs that it invokes are run for real, or end as the test chose", async () => {
  const stubbed = await testJob(greetAll, ["Ada", "Bob"], { children: { greet: { text: "Hi" } } });
  expect(stubbed).toMatchObject({ ok: true, output: ["Hi", "Hi"] });
  const failing = await testJob(greetAll, ["Ada"], { children: { greet: new Error("gone") } });
  expect(failing).toMatchObject({ ok: true, output: ["gone"] });
  const real = await testJob(greetAll, ["Ada"], { jobs: [greet] });
  expect(real).toMatchObject({ ok: true, output: ["the task's own function ran"] });
});

test("a job that it invokes and the test does not know is an error saying what to give, also where the job copes", async () => {
  const refusal = 'Job "greet-all" invokes job "greet", which this test does not know: give testJob the job itself';
  await expect(testJob(greetAll, ["Ada"])).rejects.toThrow(refusal);
  const coping = client.defineJob({
    id: "coping",
    name: "Coping",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => greetAll.invokeAndWait(["Ada"]).catch(() => "nobody"),
  });
  await expect(testJob(coping, null, { jobs: [greetAll] })).rejects.toThrow(refusal);
  await expect(testJob(coping)).rejects.toThrow('Job "coping" invokes job "greet-all"');
});

test("a result for a task that never ran is an error naming those that did", async () => {
  await expect(testJob(greetAll, [], { tasks: { "look-up": 1 } })).rejects.toThrow("Tasks that ran: none");
  await expect(testJob(steps, null, { tasks: { 'outer/["inner",1]': 1, inner: 2 } })).rejects.toThrow(
    'Tasks that ran: outer, outer/["inner",1]',
  );
});

test("tasks and requests are chosen by their keys as the job writes them, whatever stands in those", async () => {
  const odd = client.defineJob({
    id: "odd",
    name: "Odd",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => [
      await io.runTask(["get", "https://x/y"], unreachable),
      await io.runTask("read/write", unreachable),
      await io.runTask("[draft]", unreachable),
      await io.runTask("~/.profile", (_task, inner) => inner.runTask("[a/b", unreachable)),
      await io.waitForRequest("ask/~ada", () => void unreachable()),
    ],
  });
  const tasks = {
    '["get","https://x/y"]': "page",
    "read/write": "file",
    "[draft]": "text",
    "~/.profile/[a/b": "inner",
    "ask/~ada (hand out the URL)": undefined,
  };
  const options = { tasks, requests: { "ask/~ada": "yes" } };
  const result = await testJob(odd, null, options);
  expect(result).toMatchObject({ ok: true, output: ["page", "file", "text", "inner", "yes"] });
  await expect(testJob(odd, null, { ...options, tasks: { ...tasks, other: 1 } })).rejects.toThrow(
    'task "other". Tasks that ran: ["get","https://x/y"], read/write, [draft], ~/.profile, ~/.profile/[a/b, ask/~ada (hand',
  );
});

test("where a name is that of several tasks it is meant for each, and the escaped one for one alone", async () => {
  const twice = client.defineJob({
    id: "twice",
    name: "Twice",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => [
      await io.runTask("a/b", unreachable),
      await io.runTask("a", (_task, inner) => inner.runTask("b", unreachable)),
    ],
  });
  expect(await testJob(twice, null, { tasks: { "a/b": "both" } })).toMatchObject({ output: ["both", "both"] });
  const apart = { tasks: { "a~1b": "one", "a/b": "inner" } };
  expect(await testJob(twice, null, apart)).toMatchObject({ output: ["one", "inner"] });
});

test("a wait that nothing in the test ends is an error saying for what; a signal sent before ends it", async () => {
  await expect(testJob(approval, null)).rejects.toThrow('for the signal "approved"');
  const result = await testJob(approval, null, { signals: [{ name: "approved", payload: "yes" }] });
  expect(result).toMatchObject({ ok: true, output: "yes" });
});

test("the clock begins when the test says, and options reach the run", async () => {
  const now = new Date("2030-06-01T12:00:00Z");
  const result = await testJob(
    greet,
    { name: "Ada" },
    { now, tasks: { "look up": null }, invoke: { context: { from: "test" }, delay: "1h" } },
  );
  expect(result.invocation.context).toEqual({ from: "test" });
  expect(result.startedAt).toEqual(new Date("2030-06-01T13:00:00Z"));
});

function unreachable(): string | null {
  throw new Error("the task's own function ran");
}
