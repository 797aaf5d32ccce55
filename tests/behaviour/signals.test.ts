import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { InvalidPayloadError, IO } from "@beckon/core";
import { WaitTimeoutError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { z } from "zod";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(id: string, run: (io: IO) => Promise<Output>) {
  return client.defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

test("a signal resolves the wait for it with its payload, also after a restart", async () => {
  const job = defineJob("job", (io) => io.waitForSignal("approval", "approval"));
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  one.kill();
  const two = await world.start();
  const payload = { by: "ada", at: new Date(5), amounts: new Map([["eur", 5n]]) };
  expect(await two.engine.sendSignal({ name: "approval", payload })).toBe("delivered");
  expect(await two.use(job).run(id).output()).toEqual(payload);
});

test("a signal sent before anyone waits is kept, in order, also across a restart, and resolves one wait each", async () => {
  const job = defineJob("job", async (io) => [
    await io.waitForSignal("one", "news"),
    await io.waitForSignal("two", "news"),
    await io.waitForSignal("three", "news", { timeout: "1s" }).catch((error: unknown) => (error as Error).name),
  ]);
  await using world = await createWorld([job]);
  const one = await world.start();
  expect(await one.engine.sendSignal({ name: "news", payload: "first" })).toBe("kept");
  expect(await one.engine.sendSignal({ name: "news", payload: "second" })).toBe("kept");
  one.kill();
  const two = await world.start();
  const output = (await two.use(job).invoke({})).output();
  await two.clock.advance(1_000);
  expect(await output).toEqual(["first", "second", "WaitTimeoutError"]);
});

function definePaid(id: string, signalId: string | undefined) {
  return defineJob(id, (io) => io.waitForSignal("wait", "paid", { id: signalId }));
}

test("the oldest wait gets the signal; names and ids tell signals apart", async () => {
  const older = definePaid("older", "order-1");
  const newer = definePaid("newer", "order-1");
  const other = definePaid("other", "order-2");
  const plain = definePaid("plain", undefined);
  await using world = await createWorld([older, newer, other, plain]);
  const server = await world.start();
  const runs = [];
  for (const job of [older, newer, other, plain]) {
    const run = await server.use(job).invoke({});
    await server.until(run.id, "WAITING");
    await server.clock.advance(1);
    runs.push(run);
  }
  const { engine } = server;
  expect(await engine.sendSignal({ name: "paid", id: "order-3" })).toBe("kept");
  expect(await engine.sendSignal({ name: "unpaid", id: "order-1" })).toBe("kept");
  expect(await engine.sendSignal({ name: "paid", id: "order-1", payload: "A" })).toBe("delivered");
  expect(await engine.sendSignal({ name: "paid", payload: "B" })).toBe("delivered");
  expect(await runs[0]?.output()).toBe("A");
  expect(await runs[3]?.output()).toBe("B");
  expect((await engine.readRun(runs[1]?.id ?? "")).status).toBe("WAITING");
  expect((await engine.readRun(runs[2]?.id ?? "")).status).toBe("WAITING");
});

test("a signal's payload is parsed by the schema, once; one that does not fit is an error with its issues", async () => {
  const seen: unknown[] = [];
  const schema = z.object({ amount: z.coerce.number(), at: z.date().default(() => new Date()) });
  const job = defineJob("job", async (io) => {
    const parsed = await io.waitForSignal("good", "good", { schema });
    seen.push(parsed);
    const refused = await io.waitForSignal("bad", "bad", { schema }).catch((error: unknown) => error);
    await io.wait("pause", "1m");
    return [parsed.amount, Reflect.get(refused as object, "code"), (refused as Error).message];
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  await server.engine.sendSignal({ name: "good", payload: { amount: "12" } });
  await server.engine.sendSignal({ name: "bad", payload: { amount: "many" } });
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  expect(await output).toEqual([12, "INVALID_PAYLOAD", expect.stringMatching(/signal "bad".*amount/s)]);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual(seen[0]);
});

test("what a signal's schema makes is what has been through storage in the first pass, too", async () => {
  const seen: boolean[] = [];
  const schema = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes));
  const job = defineJob("job", async (io) => {
    seen.push(Buffer.isBuffer(await io.waitForSignal("file", "file", { schema })));
    await io.wait("pause", "1m");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  await server.engine.sendSignal({ name: "file", payload: new Uint8Array([1, 2]) });
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  await output;
  expect(seen).toEqual([false, false]);
});

function waitForApproval(io: IO, turn: number) {
  return io.waitForSignal(["approval", turn], "approved", { schema: z.object({ by: z.string() }) });
}

test("a refused signal is an Error of the same class and properties in the first pass and on replay", async () => {
  const seen: unknown[] = [];
  const schema = z.object({ amount: z.number() });
  const job = defineJob("job", async (io) => {
    const refused = await io.waitForSignal("bad", "bad", { schema }).catch((error: unknown) => error as Error);
    if (refused instanceof Error)
      seen.push(Object.assign({ class: refused.constructor.name, name: refused.name }, refused));
    await io.wait("pause", "1m");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  await server.engine.sendSignal({ name: "bad", payload: { amount: "many" } });
  const output = (await server.use(job).invoke({})).output();
  await server.clock.advance(60_000);
  await output;
  expect(seen[0]).toMatchObject({ class: "Error", name: "InvalidSignalError", code: "INVALID_PAYLOAD" });
  expect(seen).toEqual([seen[0], seen[0]]);
});

test("after a signal that does not fit a run may wait for the next one under another key; else it fails", async () => {
  const ledger = createLedger();
  const patient = defineJob("patient", async (io) => {
    for (let turn = 1; ; turn += 1) {
      try {
        return await waitForApproval(io, turn);
      } catch (error) {
        const { name, code, issues } = error as InvalidPayloadError;
        ledger.note(`${name} ${code} at ${issues.flatMap(({ path }) => path).join()}`);
        if (name !== "InvalidSignalError") throw error;
        await io.wait(["pause", turn], "1m");
      }
    }
  });
  const strict = defineJob("strict", (io) => waitForApproval(io, 1));
  await using world = await createWorld([patient, strict]);
  const server = await world.start();
  const run = await server.use(patient).invoke({});
  await server.until(run.id, "WAITING");
  await server.engine.sendSignal({ name: "approved", payload: { by: 5 } });
  await server.until(run.id, "WAITING", 2);
  await server.clock.advance(60_000);
  await server.until(run.id, "WAITING", 3);
  await server.engine.sendSignal({ name: "approved", payload: { by: "Ada" } });
  expect(await run.output()).toEqual({ by: "Ada" });
  const refused = "InvalidSignalError INVALID_PAYLOAD at by";
  expect(ledger.entries).toEqual([refused, refused, refused]);
  await server.engine.sendSignal({ name: "approved", payload: "no" });
  const failed = await (await server.use(strict).invoke({})).result();
  expect(failed).toMatchObject({ status: "FAILURE", error: { code: "UNCAUGHT", name: "InvalidSignalError" } });
});

test("a wait for a signal that times out rejects with WaitTimeoutError, and a late signal is kept for the next", async () => {
  const job = defineJob("job", async (io) => {
    try {
      return await io.waitForSignal("wait", "late", { timeout: "10s" });
    } catch (error) {
      if (!(error instanceof WaitTimeoutError)) throw error;
      await io.wait("pause", "1m");
      return io.waitForSignal("again", "late");
    }
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const output = run.output();
  await server.clock.advance(9_999);
  expect((await server.engine.readRun(run.id)).executionCount).toBe(1);
  await server.clock.advance(1);
  expect(await server.engine.sendSignal({ name: "late", payload: "kept" })).toBe("kept");
  await server.clock.advance(60_000);
  expect(await output).toBe("kept");
});

test("a signal is sent once from a run, however often that replays, and a run may signal another, or itself", async () => {
  const ledger = createLedger();
  const receiver = defineJob("receiver", async (io) => {
    const first = await io.waitForSignal("first", "ping");
    const second = await io.waitForSignal("second", "ping", { timeout: "1h" }).catch(() => "nothing");
    return [first, second];
  });
  const sender = defineJob("sender", async (io) => {
    ledger.note("sender");
    await io.sendSignal("send", "ping", { payload: "pong" });
    await io.sendSignal("to myself", "self", { id: "me", payload: 1 });
    await io.wait("pause", "1m");
    return io.waitForSignal("from myself", "self", { id: "me" });
  });
  await using world = await createWorld([receiver, sender]);
  const server = await world.start();
  const received = (await server.use(receiver).invoke({})).output();
  const sent = (await server.use(sender).invoke({})).output();
  await server.clock.advance(60_000);
  expect(await sent).toBe(1);
  expect(ledger.entries.length).toBeGreaterThan(1);
  await server.clock.advance(3_600_000);
  expect(await received).toEqual(["pong", "nothing"]);
});

test("a signal that cannot be stored is refused with its path", async () => {
  const job = defineJob("job", async (io) =>
    io
      .sendSignal("send", "ping", { payload: { call: () => undefined } })
      .catch((error: unknown) => (error as Error).message),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  expect(await (await server.use(job).invoke({})).output()).toMatch(/signal "ping"\.call is a function/);
});

test("a race with a signal whose schema takes its time has the same winner on replay", async () => {
  const ledger = createLedger();
  const [checked, quick] = [createGate(), createGate()];
  const schema = z.object({ ok: z.boolean() }).refine(async () => {
    ledger.note("checks");
    await checked.passed;
    return true;
  });
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const signal = io.waitForSignal("wait", "sig", { schema }).then(() => "signal");
      const task = io.runTask("quick", () => quick.passed).then(() => "task");
      const winner = await Promise.race([signal, task]);
      ledger.note(`${winner} wins`);
      await Promise.all([signal, task]);
      await io.wait("pause", "1h");
      return winner;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.engine.sendSignal({ name: "sig", payload: { ok: true } });
  await ledger.until("checks");
  quick.open();
  await ledger.until("task wins");
  checked.open();
  await server.until(run.id, "WAITING");
  await server.clock.advance(3_600_000);
  expect(await run.output()).toBe("task");
  expect(ledger.count("task wins")).toBe(2);
});

const optionOf = (error: unknown): unknown => Reflect.get(error as object, "option");

test("a name or id cut in the middle of an emoji is refused, to whoever sends a signal or waits for one", async () => {
  const half = "paid \ud83d";
  const job = defineJob("job", async (io) => [
    await io.sendSignal("send", half).catch(optionOf),
    await io.sendSignal("send to one", "paid", { id: half }).catch(optionOf),
    await io.waitForSignal("wait", half).catch(optionOf),
    await io.waitForSignal("wait for one", "paid", { id: half }).catch(optionOf),
  ]);
  await using world = await createWorld([job]);
  const server = await world.start();
  expect(await (await server.use(job).invoke({})).output()).toEqual(["name", "id", "name", "id"]);
  const sending = server.engine.sendSignal({ name: half });
  await expect(sending).rejects.toMatchObject({ code: "INVALID_OPTION", option: "name" });
});
