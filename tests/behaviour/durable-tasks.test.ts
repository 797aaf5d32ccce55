import { BeckonClient, invokeTrigger, JobError } from "@beckon/core";
import { expect, test } from "vitest";
import { z } from "zod";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

test("B32 a finished task does not run again on replay, on a retry of the run, or after a restart", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "steps",
    name: "Steps",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 3, minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: async (_payload, io, ctx) => {
      const first = await io.runTask("first", () => (ledger.note("first"), { at: new Date(5), n: 1 }));
      await io.wait("pause", "1h");
      const second = await io.runTask("second", () => (ledger.note("second"), "two"));
      ledger.note(`attempt ${ctx.run.attempt}`);
      if (ctx.run.attempt === 1) throw new Error("the first attempt fails");
      await io.wait("again", "1h");
      return [first, second];
    },
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();

  const two = await world.start();
  const waiting = two.until(id, "WAITING", 2);
  await two.clock.advance(3_600_000 + 1_000);
  await waiting;
  await two.stop();

  const three = await world.start();
  await three.clock.advance(3_600_000);
  expect(await three.use(job).run(id).output()).toEqual([{ at: new Date(5), n: 1 }, "two"]);
  expect(ledger.count("first")).toBe(1);
  expect(ledger.count("second")).toBe(1);
  expect(ledger.count("attempt 1")).toBe(1);
  expect(ledger.count("attempt 2")).toBe(2);
});

test("B32 what follows the call of a task does not see that it began, the first time as on replay", async () => {
  const seen: unknown[] = [];
  const job = client.defineJob({
    id: "begins",
    name: "Begins",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      let hasBegun = false;
      const task: Promise<string> = io.runTask("task", () => {
        hasBegun = true;
        return typeof task;
      });
      seen.push(hasBegun);
      const answer = await task;
      await io.wait("pause", "1m");
      return answer;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(60_000);
  expect(await output).toBe("object");
  expect(seen).toEqual([false, false]);
});

test("B32 a task's value is the same in the first pass and in every replay, also where storing changes it", async () => {
  const seen: unknown[] = [];
  const job = client.defineJob({
    id: "values",
    name: "Values",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const shared = { n: 1 };
      const value = await io.runTask("make", () => ({ shared, missing: undefined, bytes: Buffer.from("ab") }));
      shared.n += 1;
      seen.push({ ...value, isBuffer: Buffer.isBuffer(value.bytes), hasMissing: "missing" in value });
      await io.wait("pause", "1m");
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const result = run.result();
  await server.clock.advance(60_000);
  expect(await result).toMatchObject({ ok: true, executionCount: 2 });
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toMatchObject({ shared: { n: 1 }, isBuffer: false });
});

test("B32 what a task gives comes back as itself: undefined, null, 0, false, empty text, and rich values", async () => {
  const values = [undefined, null, 0, false, "", [], Number.NaN, -0, new Date(1), new Map([[1, new Set([2n])]])];
  const job = client.defineJob({
    id: "kinds",
    name: "Kinds",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const got = [];
      for (const [index, value] of values.entries()) got.push(await io.runTask(["value", index], () => value));
      await io.wait("pause", "1m");
      return got;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(60_000);
  expect(await output).toEqual(values);
});

test("B32 a failed task is rethrown on replay as it was thrown first, with its name, message, properties and cause", async () => {
  const seen: unknown[] = [];
  const ledger = createLedger();
  const job = client.defineJob({
    id: "failing",
    name: "Failing",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      try {
        await io.runTask("charge", () => {
          ledger.note("charge");
          const error = new TypeError("declined", { cause: new Error("no funds") });
          throw Object.assign(error, { status: 402 });
        });
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const { name, message, cause } = error;
        seen.push({ name, message, status: Reflect.get(error, "status"), cause: (cause as Error).message });
      }
      await io.wait("pause", "1m");
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const result = run.result();
  await server.clock.advance(60_000);
  expect(await result).toMatchObject({ ok: true });
  const first = { name: "TypeError", message: "declined", status: 402, cause: "no funds" };
  expect(seen).toEqual([first, first]);
  expect(ledger.count("charge")).toBe(1);
});

test("an error's own data, a cause that only looks like an error, and the class of a JobError outlast a replay", async () => {
  const seen: unknown[] = [];
  const failure = { code: "UNCAUGHT", name: "Error", message: "the child failed" } as const;
  const cause = { name: "upstream", message: "busy", retryAfter: 5 };
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const call = io.runTask("call", () => {
        throw Object.assign(new Error("refused", { cause }), { data: { attempts: 3 } });
      });
      const ask = io.runTask("ask", () => {
        throw new JobError("run_1", failure);
      });
      seen.push(await call.catch((error: unknown) => error), await ask.catch((error: unknown) => error));
      await io.wait("pause", "1m");
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = (await server.use(job).invoke({})).result();
  await server.clock.advance(60_000);
  expect(await result).toMatchObject({ ok: true });
  expect(seen).toHaveLength(4);
  for (const refused of [seen[0], seen[2]]) expect(refused).toMatchObject({ data: { attempts: 3 }, cause });
  for (const asked of [seen[1], seen[3]]) {
    expect(asked).toBeInstanceOf(JobError);
    expect(asked).toMatchObject({ name: "JobError", runId: "run_1", code: "UNCAUGHT", error: failure });
    expect(asked).toHaveProperty("message", "the child failed");
  }
});

test("B32 an array key compares by value and a task's callback is a scope of its own", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "keys",
    name: "Keys",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const step = (key: string | readonly unknown[], text: string) => io.runTask(key, () => (ledger.note(text), text));
      await step(["user", { id: 1, tier: "pro" }], "one");
      await step(["user", { id: 2, tier: "pro" }], "two");
      const nested = await io.runTask("outer", async (_task, inner) => [
        await inner.runTask("same", () => (ledger.note("inner"), "inner")),
        await io.runTask("other", () => (ledger.note("through the outer io"), "outer io")),
      ]);
      await step("same", "outside");
      await step("other", "outside too");
      await io.wait("pause", "1m");
      return nested;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(60_000);
  expect(await output).toEqual(["inner", "outer io"]);
  expect(ledger.entries).toEqual(["one", "two", "inner", "through the outer io", "outside", "outside too"]);
  const tasks = await server.engine.readTasks(run.id);
  const outer = tasks.find(({ name }) => name === "outer");
  expect(tasks.filter(({ parentId }) => parentId === outer?.id).map(({ name }) => name)).toEqual(["same", "other"]);
});

test("B32 the same key twice in one scope is an error that names it, and nothing of the second call runs", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "twice",
    name: "Twice",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      await io.runTask(["mail", { a: 1, b: 2 }], () => ledger.note("first"));
      await io.runTask(["mail", { b: 2, a: 1 }], () => ledger.note("second"));
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = await (await server.use(job).invoke({})).result();
  expect(result).toMatchObject({ status: "FAILURE", error: { code: "UNCAUGHT", name: "DuplicateStepKeyError" } });
  expect(result.ok ? "" : result.error.message).toContain('["mail",{"a":1,"b":2}]');
  expect(ledger.entries).toEqual(["first"]);
});

test("B37 a task whose result cannot be stored fails with an error naming the task and the path, and is not run again", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "unstorable",
    name: "Unstorable",
    version: "1.0.0",
    trigger: invokeTrigger({ schema: z.enum(["function", "socket", "instance"]) }),
    run: async (kind, io) => {
      const message = await io
        .runTask("open", () => {
          ledger.note("open");
          if (kind === "function") return { user: { notify: () => undefined } };
          if (kind === "socket") return { user: { notify: new AbortController() } };
          return { user: { notify: new Intl.NumberFormat("en") } };
        })
        .then(
          () => "stored",
          (error: unknown) => `${(error as Error).name}: ${(error as Error).message}`,
        );
      await io.wait("pause", "1m");
      return message;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  for (const kind of ["function", "socket", "instance"] as const) {
    const run = await server.use(job).invoke(kind);
    const output = run.output();
    await server.clock.advance(60_000);
    expect(await output).toMatch(/^UnserializableValueError: The result of task "open"\.user\.notify is/);
    expect(await server.engine.readTasks(run.id)).toMatchObject([{ name: "open", status: "FAILURE" }, {}]);
  }
  expect(ledger.count("open")).toBe(3);
});
