import { BeckonClient, invokeTrigger } from "@beckon/core";
import type { IO } from "@beckon/core";
import type { AbortReason } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

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

const kindOf = (error: unknown): string => (error as AbortReason).kind;

for (const [how, kind] of [
  ["cancel", "canceled"],
  ["stop's deadline", "shutdown"],
] as const)
  test(`B43 io.parallel begins no item after a ${how}, and rejects with the reason`, async () => {
    const ledger = createLedger();
    const end = createGate();
    const job = defineJob(async (io) => {
      await io.runTask("work", () => (ledger.note("working"), end.passed)).catch(kindOf);
      await io
        .parallel("items", [1, 2], (item) => ledger.note(`item ${item}`))
        .catch((error) => ledger.note(kindOf(error)));
    });
    await using world = await createWorld([job]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await ledger.until("working");
    const ended = how === "cancel" ? run.cancel() : server.stop({ timeoutMs: 0 });
    await server.clock.tick();
    end.open();
    await ledger.until(kind);
    await ended;
    expect(ledger.entries).toEqual(["working", kind]);
  });

test("B43 io.parallel leaves its items to the successor while the server drains", async () => {
  const ledger = createLedger();
  const end = createGate();
  const job = defineJob(async (io) => {
    await io.runTask("work", () => (ledger.note("working"), end.passed));
    return io.parallel("items", [1, 2], (item) => (ledger.note(`item ${item}`), item));
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  const run = await one.use(job).invoke({});
  await ledger.until("working");
  const stopped = one.stop({ timeoutMs: 30_000 });
  end.open();
  await stopped;
  expect(ledger.entries).toEqual(["working"]);
  expect(await one.engine.readRun(run.id)).toMatchObject({ status: "QUEUED", attempt: 1 });
  const two = await world.start();
  expect(await two.use(job).run(run.id).output()).toEqual([1, 2]);
});

test("B36 io.parallel begins no item in an attempt of a task that has timed out", async () => {
  const ledger = createLedger();
  const [late, kept] = [createGate(), createGate()];
  const job = defineJob(async (io) => {
    const other = io.runTask("other", () => kept.passed);
    const work = io.runTask(
      "work",
      async (_task, inner) => {
        ledger.note("working");
        await late.passed;
        ledger.note("late");
        return inner.parallel("items", [1, 2], (item) => ledger.note(`item ${item}`));
      },
      { timeout: "2s" },
    );
    const failure = await work.catch((error: Error) => error.name);
    await io.runTask("after", () => {
      ledger.note("timed out");
    });
    await other;
    return failure;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("working");
  await server.clock.advance(2_000);
  await ledger.until("timed out");
  late.open();
  await ledger.until("late");
  await server.clock.tick();
  kept.open();
  expect(await run.output()).toBe("AbortReason");
  expect(ledger.entries).toEqual(["working", "timed out", "late"]);
});
