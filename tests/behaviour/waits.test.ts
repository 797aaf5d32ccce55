import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import { createEngine } from "@beckon/engine";
import { createManualClock } from "@beckon/engine/testing";
import { expect, test } from "vitest";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";
import { type CountedStore, countStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });
const DAY_MS = 86_400_000;

function defineJob<Output>(run: (io: IO) => Promise<Output>) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

test("B35 a wait of a second and one of seven days survive restarts, and each is over at its instant, once", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    await io.wait("second", "1s");
    await io.runTask("after a second", () => ledger.note("after a second"));
    await io.wait("week", "7d");
    await io.runTask("after a week", () => ledger.note("after a week"));
  });
  await using world = await createWorld([job]);
  let server = await world.start();
  const { id } = await server.use(job).invoke({});
  await server.until(id, "WAITING");
  server.kill();
  server = await world.start();
  await server.clock.advance(999);
  expect(ledger.entries).toEqual([]);
  const parked = server.until(id, "WAITING", 2);
  await server.clock.advance(1);
  await parked;
  expect(ledger.entries).toEqual(["after a second"]);
  for (let day = 1; day <= 6; day += 1) {
    server.kill();
    server = await world.start();
    await server.clock.advance(DAY_MS);
  }
  await server.clock.advance(DAY_MS - 1);
  expect((await server.engine.readRun(id)).status).toBe("WAITING");
  const result = server.use(job).run(id).result();
  await server.clock.advance(1);
  expect((await result).ok).toBe(true);
  expect(ledger.entries).toEqual(["after a second", "after a week"]);
  const waits = (await server.eventsOf(id)).flatMap((event) =>
    event.type === "task" && event.task.kind === "wait" ? [`${event.task.name} ${event.task.status}`] : [],
  );
  expect(waits.filter((text) => text.endsWith("WAITING"))).toEqual(["second WAITING", "week WAITING"]);
});

test("B35 a wait that became due while no server ran is over at the next start", async () => {
  const job = defineJob(async (io) => {
    await io.wait("hour", "1h");
    return (await io.now("woken")).getTime();
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const { id } = await one.use(job).invoke({});
  await one.until(id, "WAITING");
  await one.stop();
  const startAt = one.clock.now() + 2 * DAY_MS;
  const two = await world.start({ startAt });
  expect(await two.use(job).run(id).output()).toBe(startAt);
});

test("B35 a wait takes a duration, seconds or a Date; what is over passes at once, nonsense is refused naming it", async () => {
  const job = defineJob(async (io) => {
    const start = (await io.now("start")).getTime();
    const after = [];
    for (const until of ["1500ms", 2, new Date(start + 10_000), 0, new Date(0)] as const) {
      await io.wait(["wait", String(until)], until);
      after.push((await io.now(["after", String(until)])).getTime() - start);
    }
    const refused = await io.wait("nonsense", "soon" as "1s").catch((error: unknown) => (error as Error).message);
    return [...after, refused];
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  for (const ms of [1_500, 2_000, 6_500]) await server.clock.advance(ms);
  expect(await output).toEqual([1_500, 3_500, 10_000, 10_000, 10_000, expect.stringContaining('Argument "until"')]);
});

test("B35 a wait in a loop needs a key for each turn, and the turns are not repeated", async () => {
  const ledger = createLedger();
  const job = defineJob(async (io) => {
    for (let turn = 1; turn <= 5; turn += 1) {
      await io.wait(["turn", turn], "1m");
      await io.runTask(["work", turn], () => ledger.note(`turn ${turn}`));
    }
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const result = (await server.use(job).invoke({})).result();
  for (let turn = 1; turn <= 5; turn += 1) await server.clock.advance(60_000);
  expect(await result).toMatchObject({ ok: true, executionCount: 6 });
  expect(ledger.entries).toEqual(["turn 1", "turn 2", "turn 3", "turn 4", "turn 5"]);
});

test("B35 ten thousand waiting runs hold no slot and little memory, and a server that starts with them serves at once", async () => {
  const job = defineJob(async (io) => {
    await io.runTask("before", () => "x".repeat(100));
    await io.wait("long", "30d");
  });
  await using world = await createWorld([job]);
  const one = await world.start({ concurrency: 10 });
  const before = measureHeap();
  const runs = [];
  for (let batch = 0; batch < 10; batch += 1)
    runs.push(...(await one.use(job).batchInvoke(Array.from({ length: 1_000 }, () => ({ payload: {} })))));
  for (const run of runs) await one.until(run.id, "WAITING");
  expect(one.engine.health().executing).toBe(0);
  expect((await one.engine.listJobs())[0]?.live).toEqual({ DELAYED: 0, QUEUED: 0, EXECUTING: 0, WAITING: 10_000 });
  runs.length = 0;
  expect(measureHeap() - before).toBeLessThan(20_000_000);
  await one.stop();
  let counted: CountedStore | undefined;
  const two = await world.start({ concurrency: 10, around: (store) => (counted = countStore(store)).store });
  const quick = await two.use(job).invoke({});
  await two.until(quick.id, "WAITING");
  // None of those that wait has cost it anything.
  expect(counted?.asked()).toBeLessThan(100);
}, 60_000);

/** Bytes in use after what nobody holds is gone. */
function measureHeap(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc()");
  return process.memoryUsage().heapUsed;
}

test("an engine with no slots makes, shows and cancels runs, and executes none", async () => {
  const ledger = createLedger();
  const job = defineJob(async () => ledger.note("ran"));
  await using world = await createWorld([job]);
  const server = await world.start();
  await server.stop();
  const reader = createEngine({ store: server.store, jobs: [job], concurrency: 0, clock: createManualClock() });
  await reader.start();
  const [id = ""] = await reader.invoke({ jobId: "job", items: [{ payload: {}, options: {} }], isBatch: false });
  expect((await reader.readRun(id)).status).toBe("QUEUED");
  await reader.cancel(id);
  expect(await reader.result({ runId: id })).toMatchObject({ status: "CANCELED" });
  expect(ledger.entries).toEqual([]);
  await reader.stop();
});
