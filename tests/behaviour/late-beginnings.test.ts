import { BeckonClient, invokeTrigger } from "@beckon/core";
import { bindJob, type Schema } from "@beckon/core/runtime";
import { createEngine, type Store, StoreUnavailableError } from "@beckon/engine";
import { createManualClock } from "@beckon/engine/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";
import { expect, test } from "vitest";
import { createGate, type Gate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";
import { watchStore } from "./watched-store.ts";

const client = new BeckonClient({ id: "tests" });

/** A job whose payload takes until the gate is open to be parsed at its execution. */
function defineSlowlyParsed() {
  const ledger = createLedger();
  const parsing = createGate();
  const validate = async (value: unknown) => {
    ledger.note(`parses ${String(value)}`);
    if (ledger.count(`parses ${String(value)}`) > 1) await parsing.passed;
    return { value: String(value) };
  };
  const schema: Schema<string> = { "~standard": { version: 1, vendor: "tests", validate } };
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger({ schema }),
    concurrencyLimit: 1,
    run: (name) => ledger.note(`begins ${name}`),
  });
  return { job, ledger, parsing };
}

test("B43 a run that is canceled while its payload is parsed does not begin, and its place is free after that", async () => {
  const { job, ledger, parsing } = defineSlowlyParsed();
  await using world = await createWorld([job]);
  const server = await world.start();
  const canceled = await server.use(job).invoke("one");
  await ledger.until("parses one", 2);
  await canceled.cancel();
  const next = await server.use(job).invoke("two");
  parsing.open();
  expect(await next.result()).toMatchObject({ ok: true });
  expect(ledger.entries.filter((entry) => entry.startsWith("begins"))).toEqual(["begins two"]);
  expect(await canceled.result()).toMatchObject({ ok: false, status: "CANCELED" });
});

test("B43 a run that is given back while its payload is parsed begins with the successor only", async () => {
  const { job, ledger, parsing } = defineSlowlyParsed();
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke("one");
  await ledger.until("parses one", 2);
  await one.stop({ timeoutMs: 0 });
  parsing.open();
  await one.clock.tick();
  expect(ledger.count("begins one")).toBe(0);
  expect(await one.engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });
  const two = await world.start();
  expect(await two.use(job).run(run.id).result()).toMatchObject({ ok: true });
  expect(ledger.count("begins one")).toBe(1);
});

const A_DAY = 86_400_000;

/** A job that notes its beginning, and ends when the gate is open, or where it has begun before. */
function defineHeld(ledger: Ledger, end: Gate) {
  return client.defineJob({
    id: "held",
    name: "Held",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (name: string) => {
      ledger.note(`begins ${name}`);
      if (ledger.count(`begins ${name}`) === 1) await end.passed;
    },
  });
}

/** An engine whose store answers the verb that is named in `kept` only when the gate is open, and cannot take the one in `refused`. */
async function startKeeping() {
  const ledger = createLedger();
  const [answer, end] = [createGate(), createGate()];
  const meant: { kept?: keyof Store; refused?: keyof Store } = {};
  const job = defineHeld(ledger, end);
  const database = await createTemporaryDatabase();
  const store = watchStore(await database.open(), (verb) => {
    if (verb === meant.refused) return Promise.reject(new StoreUnavailableError("The disk is full."));
    if (verb !== meant.kept) return undefined;
    ledger.note(verb);
    return answer.passed;
  });
  const clock = createManualClock();
  const engine = createEngine({ store, jobs: [job], clock, recoveryMs: A_DAY });
  await engine.start();
  // It has looked for ready runs, and found none: the next may be born into a free slot.
  await clock.tick();
  return {
    ledger,
    answer,
    end,
    meant,
    clock,
    engine,
    job: bindJob(job, engine.transport),
    [Symbol.asyncDispose]: async () => {
      await engine.stop({ timeoutMs: 0 });
      await database[Symbol.asyncDispose]();
    },
  };
}

test("B43 what a claim brings that is under way at stop's deadline is given back, and stop ends with its answer", async () => {
  await using world = await startKeeping();
  const { ledger, meant, clock, engine } = world;
  const run = await world.job.invoke("one", { delay: "10s" });
  meant.kept = "claimRuns";
  await clock.advance(10_000);
  await ledger.until("claimRuns");
  const stopped = engine.stop({ timeoutMs: 1_000 });
  await clock.advance(1_000);
  world.answer.open();
  await stopped;
  expect(await engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });
  expect(ledger.count("begins one")).toBe(0);
  world.end.open();
  await engine.start();
  expect(await run.result()).toMatchObject({ ok: true });
});

test("B43 so is a run that is being born into a free slot at the deadline, and its caller gets it", async () => {
  await using world = await startKeeping();
  const { ledger, meant, clock, engine } = world;
  meant.kept = "createRuns";
  const invoking = world.job.invoke("one");
  await ledger.until("createRuns");
  const stopped = engine.stop({ timeoutMs: 1_000 });
  await clock.advance(1_000);
  world.answer.open();
  await stopped;
  const run = await invoking;
  expect(await engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });
  expect(ledger.count("begins one")).toBe(0);
});

test("B43 stop ends at its deadline, though what it gives back cannot be written", async () => {
  await using world = await startKeeping();
  const { ledger, meant, clock, engine } = world;
  await world.job.invoke("one", { delay: "10s" });
  meant.kept = "claimRuns";
  await clock.advance(10_000);
  await ledger.until("claimRuns");
  meant.refused = "settleRuns";
  const stopped = engine.stop({ timeoutMs: 1_000 });
  await clock.advance(1_000);
  world.answer.open();
  await stopped;
  expect(ledger.count("begins one")).toBe(0);
});

test("B43 an engine that is started again after a stop at its deadline waits for its functions as before", async () => {
  await using world = await startKeeping();
  const { ledger, clock, engine, job, end } = world;
  await job.invoke("first");
  await ledger.until("begins first");
  const stopped = engine.stop({ timeoutMs: 1_000 });
  await clock.advance(1_000);
  await stopped;
  await engine.start();
  const second = await job.invoke("second");
  await ledger.until("begins second");
  await second.cancel();
  let isStopped = false;
  const stoppedAgain = engine.stop({ timeoutMs: 1_000 }).then(() => (isStopped = true));
  await clock.advance(999);
  expect(isStopped).toBe(false);
  end.open();
  await stoppedAgain;
});
