import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createFailingPair, type FailingPair, someTurns } from "./failing-pair.ts";
import { createGate } from "./gate.ts";
import { createLedger } from "./ledger.ts";
import { createWorld } from "./scheduling-world.ts";

/* Branches of a function that go on after it has thrown, or was aborted: as where one call of a `Promise.all` fails. */

const client = new BeckonClient({ id: "tests" });
const RETRY = { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false } as const;

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (payload: unknown) => payload,
});

function defineJob(
  run: (io: IO, attempt: number) => Promise<unknown>,
  options: { readonly retry?: typeof RETRY; readonly maxDuration?: "5s" } = {},
) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    ...options,
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

const hang = (): Promise<never> => new Promise(() => undefined);
const fail = (): Promise<never> => Promise.reject(new Error("broken"));

type Branching = (io: IO, pair: FailingPair, attempt: number) => Promise<unknown>;

const invokeChild = (): Promise<string> => child.invoke("made", { key: "made" }).then(() => "made");

const FORMS: Readonly<Record<string, Branching>> = {
  "a step": (io, { bad, slow }, attempt) =>
    Promise.all([io.runTask("bad", () => bad(attempt)), io.runTask("slow", slow).then(invokeChild)]),
  "plain code": (io, { bad, slow }, attempt) =>
    Promise.all([io.runTask("bad", () => bad(attempt)), slow().then(invokeChild)]),
  "a step of io.parallel": (io, { bad, slow }, attempt) =>
    io.parallel("both", [0, 1], async (index, _index, itemIo) => {
      if (index === 0) return itemIo.runTask("bad", () => bad(attempt));
      await itemIo.runTask("slow", slow);
      return invokeChild();
    }),
};

test.for(Object.entries(FORMS).flatMap(([name, form]) => ["run", "task"].map((where) => ({ name, form, where }))))(
  "B22 a $where that fails leaves the child behind $name to its next attempt, which makes it once",
  async ({ form, where }) => {
    const pair = createFailingPair();
    const kept = createGate();
    const job =
      where === "run"
        ? defineJob((io, attempt) => form(io, pair, attempt), { retry: RETRY })
        : defineJob(async (io) => {
            // Keeps the execution, so that the attempts are in one.
            const other = io.runTask("other", () => kept.passed);
            const output = await io.runTask("outer", ({ attempt }, inner) => form(inner, pair, attempt), {
              retry: RETRY,
            });
            kept.open();
            await other;
            return output;
          });
    await using world = await createWorld([job, child]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await pair.ledger.until("slow begins");
    await someTurns();
    pair.gate.open();
    await pair.ledger.until("slow ends");
    await someTurns();
    await server.clock.advance(1_000);
    expect(await run.output()).toEqual(["good", "made"]);
    const { runs } = await server.engine.listRuns({ job: "child" });
    expect(runs).toMatchObject([{ parentRunId: run.id }]);
  },
);

test.for(["is canceled", "is over its maxDuration"])(
  "a run that %s makes no child in a branch that goes on",
  async (end) => {
    const ledger = createLedger();
    const gate = createGate();
    const branch = async (): Promise<void> => {
      await gate.passed;
      await child.invoke("late").catch(() => ledger.note("rejected"));
    };
    const job = defineJob(
      (io) =>
        Promise.all([
          io.runTask("heeds", ({ signal }) => {
            ledger.note("at work");
            return new Promise((_never, abort) =>
              signal.addEventListener("abort", () => abort(signal.reason as Error)),
            );
          }),
          branch(),
        ]),
      { maxDuration: "5s" },
    );
    await using world = await createWorld([job, child]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await ledger.until("at work");
    if (end === "is canceled") await run.cancel();
    else await server.clock.advance(5_000);
    await someTurns();
    gate.open();
    await ledger.until("rejected");
    expect((await server.engine.listRuns({ job: "child" })).runs).toEqual([]);
  },
);

test("a run whose function has thrown waits a minute for a task that hangs, and for one with a timeout no longer than that", async () => {
  const job = defineJob((io) =>
    io
      .runTask("outer", (_task, inner) => Promise.all([inner.runTask("hangs", hang), fail()]), { timeout: "5s" })
      .catch(() => Promise.all([io.runTask("hangs, too", hang), fail()])),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  const statusOf = async (key: string) => (await server.engine.readTasks(run.id)).find(({ id }) => id === key)?.status;
  await expect.poll(() => statusOf("outer/hangs")).toBe("RUNNING");
  await server.clock.advance(4_999);
  expect(await statusOf("outer")).toBe("RUNNING");
  await server.clock.advance(1);
  await expect.poll(() => statusOf("hangs, too")).toBe("RUNNING");
  expect(await statusOf("outer")).toBe("FAILURE");
  await server.clock.advance(59_999);
  expect(await server.engine.readRun(run.id)).toMatchObject({ status: "EXECUTING" });
  await server.clock.advance(1);
  expect(await run.result()).toMatchObject({ status: "FAILURE", error: { message: "broken" } });
});

test("a task with a timeout of its own is waited for as long as that, and not done again beside itself", async () => {
  const pair = createFailingPair();
  const job = defineJob(
    (io, attempt) =>
      Promise.all([io.runTask("bad", () => pair.bad(attempt)), io.runTask("slow", pair.slow, { timeout: "10m" })]),
    { retry: RETRY },
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await pair.ledger.until("slow begins");
  await someTurns();
  await server.clock.advance(300_000);
  await someTurns();
  pair.gate.open();
  await pair.ledger.until("slow ends");
  await someTurns();
  await server.clock.advance(1_000);
  expect(await run.output()).toEqual(["good", "done"]);
  expect(pair.ledger.entries).toEqual(["slow begins", "slow ends"]);
});
