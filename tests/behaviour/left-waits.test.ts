import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

/* Waits that a task leaves behind: its attempt has ended, by a timeout or because something else was quicker. */

const client = new BeckonClient({ id: "tests" });

function defineJob(run: (io: IO) => Promise<unknown>) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: (_payload, io) => run(io),
  });
}

const aTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("a wait in an attempt that timed out gives its run's slot to nobody while a task works", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = defineJob(async (io) => {
    ledger.note("begins");
    await io.runTask("waits", (_task, inner) => inner.wait("long", "1h"), { timeout: "1s" }).catch(() => undefined);
    await io.runTask("works", () => {
      ledger.note("works");
      return gate.passed;
    });
  });
  await using world = await createWorld([job]);
  const server = await world.start({ concurrency: 1 });
  const first = await server.use(job).invoke({});
  await ledger.until("begins");
  await server.clock.advance(1_000);
  await ledger.until("works");
  const second = await server.use(job).invoke({});
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  expect(ledger.entries).toEqual(["begins", "works"]);
  gate.open();
  await first.result();
  await ledger.until("begins", 2);
  const result = second.result();
  await server.clock.advance(1_000);
  expect((await result).ok).toBe(true);
});

test.for(["times out", "loses a race"])("a run is not parked for a wait in a task that %s", async (how) => {
  const ledger = createLedger();
  const gate = createGate();
  const work = (_task: unknown, inner: IO): Promise<unknown> => {
    const waiting = inner.wait("long", "7d");
    return how === "times out" ? waiting : Promise.race([waiting, inner.runTask("quick", () => 1)]);
  };
  const job = defineJob(async (io) => {
    await io.runTask("outer", work, { timeout: "1s" }).catch(() => undefined);
    ledger.note("after");
    await gate.passed;
    return io.runTask("last", () => "done");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const output = run.output();
  await server.clock.advance(1_000);
  await ledger.until("after");
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  gate.open();
  expect(await output).toBe("done");
  expect((await run.result()).executionCount).toBe(ledger.count("after"));
});

test("an attempt that timed out begins no step any more, while its run goes on", async () => {
  const ledger = createLedger();
  const [late, rest] = [createGate(), createGate()];
  const work = async (_task: unknown, inner: IO): Promise<void> => {
    await late.passed;
    ledger.note("goes on");
    await inner.runTask("inner", () => ledger.note("inner"));
  };
  const job = defineJob(async (io) => {
    await io.runTask("outer", work, { timeout: "1s" }).catch(() => ledger.note("timed out"));
    await io.runTask("rest", () => rest.passed);
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.clock.advance(1_000);
  await ledger.until("timed out");
  late.open();
  await ledger.until("goes on");
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  rest.open();
  expect((await run.result()).ok).toBe(true);
  expect(ledger.entries).toEqual(["timed out", "goes on"]);
});
