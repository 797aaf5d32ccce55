import { BeckonClient, invokeTrigger, type IO } from "@beckon/core";
import { expect, test, vi } from "vitest";
import { STORES } from "./both-stores.ts";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";

/* Calls without a key that find only others' records, and are held until those were made again. */

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload: unknown) => payload,
});

function defineParent(run: (io: IO, attempt: number) => Promise<unknown>) {
  return client.defineJob({
    id: "parent",
    name: "Parent",
    version: "1.0.0",
    trigger: invokeTrigger(),
    retry: { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false },
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

for (const [store, start] of Object.entries(STORES)) {
  test(`B22 a call that fits no recorded one ends the run, though a task waits for it (${store})`, async () => {
    let executions = 0;
    const parent = defineParent(async (io) => {
      executions += 1;
      const made = child.invoke({ execution: executions });
      const retry = { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false };
      return io.runTask(
        "uses it",
        async ({ attempt }) => {
          await made;
          if (attempt === 1) throw new Error("once");
        },
        { retry },
      );
    });
    await using world = await start([parent, child]);
    const run = await parent.invoke({});
    const result = run.result();
    await vi.waitFor(async () => {
      await world.clock.advance(1_000);
      expect(executions).toBe(2);
    });
    await world.clock.advance(59_000);
    expect(await world.engine.readRun(run.id)).toMatchObject({ status: "EXECUTING" });
    await world.clock.advance(1_000);
    await world.clock.advance(5_000);
    expect(await result).toMatchObject({ status: "FAILURE", error: { code: "STEP_MISMATCH" } });
    expect((await world.engine.listRuns({ job: "child" })).runs).toHaveLength(1);
  });

  test(`B22 in a new attempt a call is held for as long as the task takes that a recorded call comes after (${store})`, async () => {
    const ledger = createLedger();
    const end = createGate();
    const parent = defineParent(async (io, attempt) => {
      // It is forgotten with the attempt, and the child that is made after it is not.
      const failing = io.runTask("fails", async () => {
        ledger.note(`works in ${attempt}`);
        if (attempt === 2) await end.passed;
        throw new Error("always");
      });
      const recorded = failing.catch(() => child.invoke("recorded"));
      await io.wait("until that is made", 1);
      await io.runTask("fails once", () => {
        if (attempt === 1) throw new Error("once");
      });
      return (await Promise.all([recorded, child.invoke("new")])).map(({ id }) => id);
    });
    await using world = await start([parent, child]);
    const run = await parent.invoke({});
    const output = run.output();
    await vi.waitFor(async () => {
      await world.clock.advance(1_000);
      expect(ledger.entries).toEqual(["works in 1", "works in 2"]);
    });
    await world.clock.advance(600_000);
    expect(await world.engine.readRun(run.id)).toMatchObject({ status: "EXECUTING" });
    end.open();
    const ids = await output;
    const { runs } = await world.engine.listRuns({ job: "child" });
    expect(runs.map(({ id }) => id).toReversed()).toEqual(ids);
  });
}
