import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { UnavailableError } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { fillDisk, freeDisk, LARGE } from "./full-disk.ts";
import { createGate, type Gate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld, type Process } from "./scheduling-world.ts";
import { watchStrayRejections } from "./stray-rejections.ts";
import { type CountedStore, countStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });

function defineJob<Output>(run: (io: IO) => Output | Promise<Output>) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

function noteAndWait(ledger: Ledger, entry: string, gate: Gate): Promise<void> {
  ledger.note(entry);
  return gate.passed;
}

async function reasonsOf(server: Process, runId: string) {
  return (await server.engine.explain(runId)).reasons;
}

test("B38 a step whose result cannot be saved is not run again; the run says so, and goes on when there is room", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    const text = await io.runTask("charge", () => {
      ledger.note("charge");
      fillDisk(server.store);
      return LARGE;
    });
    await io.runTask("next", () => ledger.note("next"));
    return text.length;
  });
  await using world = await createWorld([job]);
  const server: Process = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("charge");
  await server.clock.advance(60_000);
  expect(ledger.entries).toEqual(["charge"]);
  expect(await reasonsOf(server, run.id)).toEqual([
    { kind: "executing", since: expect.any(Date), tasks: expect.any(Array) },
    { kind: "cannot-save", message: expect.stringContaining(`Nothing was written to the database ${world.path}`) },
  ]);
  expect((await run.explain()).summary).toContain("cannot be saved at the moment");
  expect(server.engine.health()).toMatchObject({ isReady: false, problem: expect.stringContaining("disk space") });

  freeDisk(server.store);
  const output = run.output();
  await server.clock.advance(1_000);
  expect(await output).toBe(LARGE.length);
  expect(ledger.entries).toEqual(["charge", "next"]);
  expect(server.engine.health()).toMatchObject({ isReady: true, problem: null });
});

test("B38 an output that cannot be saved is kept: the function is not run again, and the run says why it has not ended", async () => {
  const ledger = createLedger();
  const job = defineJob(() => {
    ledger.note("run");
    fillDisk(server.store);
    return LARGE;
  });
  await using world = await createWorld([job]);
  const server: Process = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("run");
  await server.clock.advance(60_000);
  expect(await reasonsOf(server, run.id)).toEqual([
    { kind: "executing", since: expect.any(Date), tasks: [] },
    { kind: "cannot-save", message: expect.stringContaining("Nothing was written") },
  ]);
  expect(server.engine.health()).toMatchObject({ isReady: false });
  freeDisk(server.store);
  const output = run.output();
  await server.clock.advance(1_000);
  expect(await output).toBe(LARGE);
  expect(ledger.entries).toEqual(["run"]);
});

test("B38 other steps of the run, its waits, statuses and values are kept in memory and in order, too", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    await io.runTask("fills the disk", () => fillDisk(server.store));
    const status = await io.createStatus("progress", { label: "Progress", data: LARGE });
    await status.update("more", { state: "success", data: `${LARGE}!` });
    await io.store.run.set("key", LARGE);
    io.logger.info("message", LARGE);
    await io.wait("pause", "1s");
    ledger.note("after the wait");
    return String(await io.store.run.get("key")).length;
  });
  await using world = await createWorld([job]);
  const server: Process = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "EXECUTING");
  await server.clock.advance(30_000);
  expect(ledger.entries).toEqual([]);
  freeDisk(server.store);
  const result = run.result();
  await server.clock.advance(10_000);
  expect(await result).toMatchObject({
    ok: true,
    output: LARGE.length,
    statuses: [{ key: "progress", state: "success", data: `${LARGE}!` }],
  });
});

test("B38 what is invoked meanwhile is refused with a sentence and leaves nothing behind", async () => {
  const job = defineJob(() => "done");
  await using world = await createWorld([job]);
  const server = await world.start();
  fillDisk(server.store);
  const refused = server.use(job).invoke(LARGE);
  await expect(refused).rejects.toBeInstanceOf(UnavailableError);
  await expect(refused).rejects.toThrow(/disk space/);
  freeDisk(server.store);
  expect((await server.engine.listRuns({})).runs).toEqual([]);
  expect(await (await server.use(job).invoke(LARGE)).output()).toBe("done");
});

test("B38 a server with a full disk can stop, and its successor makes the step in flight again with the same key", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) =>
    io.runTask("charge", ({ idempotencyKey }) => {
      ledger.note(idempotencyKey);
      if (ledger.entries.length === 1) fillDisk(one.store);
      return LARGE;
    }),
  );
  await using world = await createWorld([job]);
  const one: Process = await world.start();
  const run = await one.use(job).invoke({});
  await one.until(run.id, "EXECUTING");
  await one.clock.advance(10_000);
  const stopped = one.stop({ timeoutMs: 5_000 });
  await one.clock.advance(5_000);
  await stopped;
  one.kill();
  freeDisk(one.store);
  const two = await world.start();
  expect(await two.use(job).run(run.id).output()).toBe(LARGE);
  expect(ledger.entries).toHaveLength(2);
  expect(new Set(ledger.entries).size).toBe(1);
});

test("B38 what could not be saved at first never replaces what was saved after it", async () => {
  const ledger = createLedger();
  const [charged, shipped] = [createGate(), createGate()];
  const job = defineJob(async (io) => {
    await io.runTask("charge", () => noteAndWait(ledger, "charge", charged), { params: LARGE });
    await io.runTask("ship", () => noteAndWait(ledger, "ship", shipped));
    await io.wait("pause", "1m");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  fillDisk(server.store);
  await ledger.until("charge");
  await server.clock.advance(500);
  expect((await run.explain()).reasons.map(({ kind }) => kind)).toContain("cannot-save");
  // There is room again before the beginning of the task is saved, and its end overtakes it.
  freeDisk(server.store);
  charged.open();
  await ledger.until("ship");
  await server.clock.advance(1_000);
  shipped.open();
  await server.until(run.id, "WAITING");
  const result = run.result();
  await server.clock.advance(60_000);
  expect((await result).ok).toBe(true);
  expect(ledger.entries).toEqual(["charge", "ship"]);
});

test("B38 an attempt whose failure cannot be saved is followed by the next when there is room again", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: async (_payload, _io, ctx) => {
      ledger.note(`attempt ${ctx.run.attempt}`);
      if (ctx.run.attempt > 1) return "done";
      fillDisk(server.store);
      throw new Error(LARGE);
    },
  });
  await using world = await createWorld([job]);
  const server: Process = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("attempt 1");
  await server.clock.advance(30_000);
  freeDisk(server.store);
  const output = run.output();
  await server.clock.advance(10_000);
  expect(await output).toBe("done");
  expect(ledger.entries).toEqual(["attempt 1", "attempt 2"]);
});

test("B38 what could not be saved when the server had stopped is asked once of a store that is closed by then, and left", async () => {
  const ledger = createLedger();
  const job = defineJob(() => {
    ledger.note("runs");
    fillDisk(server.store);
    return LARGE;
  });
  await using world = await createWorld([job]);
  let counted: CountedStore | undefined;
  const server: Process = await world.start({ around: (store) => (counted = countStore(store)).store });
  const run = await server.use(job).invoke({});
  await ledger.until("runs");
  await server.clock.advance(500);
  expect((await run.explain()).reasons.map(({ kind }) => kind)).toContain("cannot-save");
  const stopped = server.stop({ timeoutMs: 1_000 });
  await server.clock.advance(1_000);
  await stopped;
  await server.store.close();
  using stray = watchStrayRejections();
  const before = counted?.asked() ?? 0;
  await server.clock.advance(60_000);
  for (let turns = 0; turns < 20; turns += 1) await new Promise((resolve) => void setImmediate(resolve));
  expect(stray.seen).toEqual([]);
  expect((counted?.asked() ?? 0) - before).toBe(1);
});
