import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import type { Task } from "@beckon/core/runtime";
import { expect, test } from "vitest";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

/* What an attempt of a task that timed out does still, while a later one is at work or has done it. */

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload: unknown) => payload,
});

const aTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** What each attempt begins with: the first says that it "begins", and goes on when `late` has passed. */
type Act = (
  attempt: number,
  inner: IO,
  first: { readonly late: Promise<void>; readonly note: (entry: string) => void },
) => Promise<unknown>;

/**
 * A task is tried three times, at once after each failure, beside another one that keeps the execution. The first attempt times
 * out, and goes on while the second has come to its middle and has not failed yet. The third gives what it got.
 */
async function playOut(act: Act) {
  const ledger = createLedger();
  const note = (entry: string): void => ledger.note(entry);
  const [late, second, kept] = [createGate(), createGate(), createGate()];
  const work = async ({ attempt }: Task, inner: IO): Promise<unknown> => {
    const value = await act(attempt, inner, { late: late.passed, note });
    if (attempt === 2) {
      note("middle");
      await second.passed;
      throw new Error("again");
    }
    kept.open();
    return value;
  };
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const retry = { limit: 3, minTimeoutInMs: 0, randomize: false };
      const outer = io.runTask("outer", work, { timeout: "2s", retry });
      await io.runTask("other", () => kept.passed);
      return outer;
    },
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("begins");
  await server.clock.advance(2_000);
  await ledger.until("middle");
  late.open();
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  const output = run.output();
  second.open();
  for (let pauses = 0; pauses < 3; pauses += 1) await server.clock.advance(1);
  const seen = await output;
  const { runs } = await server.engine.listRuns({ job: "child" });
  return { output: seen, entries: ledger.entries, children: runs.length };
}

test.for(["succeeds", "fails"])(
  "B32 the step that a later attempt has finished stays, though the one of an earlier attempt %s after it",
  async (how) => {
    const { output, entries } = await playOut((attempt, inner, { late, note }) => {
      if (attempt === 1) note("begins");
      return inner.runTask("charge", async () => {
        note(`charges in ${attempt}`);
        if (attempt > 1) return attempt;
        await late;
        if (how === "fails") throw new Error("too late");
        return attempt;
      });
    });
    expect(output).toBe(2);
    expect(entries.filter((entry) => entry.startsWith("charges"))).toEqual(["charges in 1", "charges in 2"]);
  },
);

test("B32 a parallel item that a later attempt has finished stays", async () => {
  const { output } = await playOut((attempt, inner, { late, note }) => {
    if (attempt === 1) note("begins");
    return inner.parallel("items", [1], async () => {
      if (attempt === 1) await late;
      return attempt;
    });
  });
  expect(output).toEqual([2]);
});

test("B22 a child that a later attempt has made is not made twice, whatever an earlier one still calls", async () => {
  const { output, children } = await playOut(async (attempt, inner, { late, note }) => {
    const a = await child.invoke("a");
    if (attempt === 1) {
      note("begins");
      await late;
    }
    const b = await child.invoke("b");
    return [a.id, b.id].length + (await inner.runTask("count", () => 0));
  });
  expect(output).toBe(2);
  expect(children).toBe(2);
});

test("a step that pauses in a later attempt is not ended by the same step of an earlier one", async () => {
  const ledger = createLedger();
  const [late, kept] = [createGate(), createGate()];
  const slow = async (): Promise<number> => {
    const call = ledger.entries.length + 1;
    ledger.note(`call ${call}`);
    if (call === 1) await late.passed;
    if (call === 2) throw new Error("pauses");
    return call;
  };
  const work = (_task: Task, inner: IO): Promise<number> => {
    const retry = { limit: 3, minTimeoutInMs: 5_000, factor: 1, randomize: false };
    return inner.runTask("slow", slow, { retry });
  };
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const other = io.runTask("other", () => kept.passed);
      const retry = { limit: 2, minTimeoutInMs: 0, randomize: false };
      const output = await io.runTask("outer", work, { timeout: "7s", retry });
      kept.open();
      await other;
      return output;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  await ledger.until("call 1");
  await server.clock.advance(7_000);
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  await server.clock.advance(1);
  await ledger.until("call 2");
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  late.open();
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  await server.clock.advance(5_000);
  expect(await output).toBe(3);
});
