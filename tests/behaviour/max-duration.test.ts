import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { AbortReason } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger, type Ledger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** Works for ten seconds twice with an hour's wait between, as far as it is let. */
function defineWorker(ledger: Ledger, gates: readonly { passed: Promise<void> }[]) {
  return client.defineJob({
    id: "worker",
    name: "Worker",
    version: "1.0.0",
    trigger: invokeTrigger(),
    maxDuration: "15s",
    run: async (_payload, io, ctx) => {
      ctx.signal.addEventListener("abort", () => ledger.note((ctx.signal.reason as AbortReason).kind));
      for (const [index, gate] of gates.entries()) {
        await io.runTask(["work", index], () => {
          ledger.note(`work ${index}`);
          return gate.passed;
        });
        await io.wait(["rest", index], "1h");
      }
      return "done";
    },
  });
}

test("B43 a run that executes for longer than its maxDuration is aborted and TIMED_OUT, to the second", async () => {
  const ledger = createLedger();
  const never = createGate();
  const job = defineWorker(ledger, [never]);
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("work 0");
  await server.clock.advance(14_999);
  expect(ledger.entries).toEqual(["work 0"]);
  await server.clock.advance(1);
  expect(ledger.entries).toEqual(["work 0", "max-duration"]);
  expect(await run.result()).toMatchObject({
    ok: false,
    status: "TIMED_OUT",
    error: { code: "TIMED_OUT", message: expect.stringContaining("15000 ms") },
    executionDurationInMs: 15_000,
  });
  never.open();
});

test("B43 maxDuration counts all executions and leaves the waits out", async () => {
  const ledger = createLedger();
  const gates = [createGate(), createGate()];
  const job = defineWorker(ledger, gates);
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("work 0");
  await server.clock.advance(10_000);
  gates[0]?.open();
  await server.until(run.id, "WAITING");
  await server.clock.advance(3_600_000);
  await ledger.until("work 1");
  await server.clock.advance(4_999);
  expect((await server.engine.readRun(run.id)).status).toBe("EXECUTING");
  await server.clock.advance(1);
  expect(await run.result()).toMatchObject({ status: "TIMED_OUT", executionDurationInMs: 15_000, executionCount: 2 });
  gates[1]?.open();
});

test("B43 a run within its maxDuration goes on, however long it waits, also by a call's own maxDuration", async () => {
  const ledger = createLedger();
  const gates = [createGate(), createGate()];
  const job = defineWorker(ledger, gates);
  await using world = await createWorld([job]);
  const server = await world.start();
  const longer = await server.use(job).invoke({}, { maxDuration: "1m" });
  await ledger.until("work 0");
  await server.clock.advance(40_000);
  gates[0]?.open();
  gates[1]?.open();
  await server.until(longer.id, "WAITING");
  const result = longer.result();
  await server.clock.advance(7_200_000);
  expect(await result).toMatchObject({ ok: true, output: "done", executionDurationInMs: 40_000 });
  expect(ledger.entries).not.toContain("max-duration");
});

test("B43 a limit's place stays taken until the function of a timed-out run has ended", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = client.defineJob({
    id: "single",
    name: "Single",
    version: "1.0.0",
    trigger: invokeTrigger(),
    maxDuration: 1,
    concurrencyLimit: 1,
    run: async () => {
      ledger.note("started");
      if (ledger.count("started") === 1) await end.passed;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const first = await server.use(job).invoke({});
  await ledger.until("started");
  const second = await server.use(job).invoke({});
  await server.clock.advance(5_000);
  expect((await first.result()).status).toBe("TIMED_OUT");
  expect(ledger.count("started")).toBe(1);
  end.open();
  expect((await second.result()).ok).toBe(true);
});

test("B43 a timed-out run that is retried by hand has its maxDuration anew, and keeps its finished steps", async () => {
  const ledger = createLedger();
  const gates = [createGate(), createGate()];
  const job = defineWorker(ledger, gates);
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("work 0");
  gates[0]?.open();
  await server.until(run.id, "WAITING");
  await server.clock.advance(3_600_000);
  await ledger.until("work 1");
  await server.clock.advance(15_000);
  expect((await run.result()).status).toBe("TIMED_OUT");

  await server.engine.retry(run.id);
  await ledger.until("work 1", 2);
  await server.clock.advance(14_000);
  expect((await server.engine.readRun(run.id)).status).toBe("EXECUTING");
  gates[1]?.open();
  await server.until(run.id, "WAITING", 2);
  const result = run.result();
  await server.clock.advance(3_600_000);
  expect(await result).toMatchObject({ ok: true, executionDurationInMs: 29_000 });
  expect(ledger.count("work 0")).toBe(1);
});
