import { BeckonClient, type IO, invokeTrigger } from "@beckon/core";
import { expect, test } from "vitest";
import { createFailingPair, type FailingPair, someTurns } from "./failing-pair.ts";
import { createWorld } from "./scheduling-world.ts";

/* What is at work in a run, or in a task, when its function fails beside it. */

const client = new BeckonClient({ id: "tests" });

const RETRY = { limit: 2, minTimeoutInMs: 1_000, factor: 1, randomize: false } as const;

function defineJob(
  run: (io: IO, attempt: number) => Promise<unknown>,
  options: { readonly retry?: typeof RETRY } = {},
) {
  return client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    concurrencyLimit: 1,
    ...options,
    run: (_payload, io, ctx) => run(io, ctx.run.attempt),
  });
}

const FORMS: Readonly<Record<string, (io: IO, work: FailingPair & { readonly attempt: number }) => Promise<unknown>>> =
  {
    "Promise.all": (io, { bad, slow, attempt }) =>
      Promise.all([io.runTask("bad", () => bad(attempt)), io.runTask("slow", slow)]),
    "io.parallel": (io, { bad, slow, attempt }) =>
      io.parallel("both", [() => bad(attempt), slow], (work, _index, itemIo) => itemIo.runTask("work", work)),
  };

test.for(Object.entries(FORMS))(
  "B32 a run whose %s fails is tried again after the step beside it has ended, which is not repeated",
  async ([, both]) => {
    const pair = createFailingPair();
    const job = defineJob((io, attempt) => both(io, { ...pair, attempt }), { retry: RETRY });
    await using world = await createWorld([job]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await pair.ledger.until("slow begins");
    await someTurns();
    expect(await server.engine.readRun(run.id)).toMatchObject({ status: "EXECUTING", attempt: 1 });
    pair.gate.open();
    await pair.ledger.until("slow ends");
    await someTurns();
    await server.clock.advance(1_000);
    expect(await run.output()).toContain("done");
    expect(pair.ledger.entries).toEqual(["slow begins", "slow ends"]);
  },
);

test("B32 in a task that fails, too, and what follows the step beside it is left to the next attempt", async () => {
  const { ledger, gate, bad, slow } = createFailingPair();
  const job = defineJob((io) =>
    io.runTask(
      "outer",
      ({ attempt }, inner) =>
        Promise.all([
          inner.runTask("bad", () => bad(attempt)),
          inner.runTask("slow", slow).then(() => inner.runTask("after", () => ledger.note(`after in ${attempt}`))),
        ]),
      { retry: RETRY },
    ),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("slow begins");
  await someTurns();
  gate.open();
  await ledger.until("slow ends");
  await someTurns();
  await server.clock.advance(1_000);
  await run.output();
  expect(ledger.entries).toEqual(["slow begins", "slow ends", "after in 2"]);
});

test("a run that fails for good ends after the step beside it, and Retry by hand does not repeat that", async () => {
  const pair = createFailingPair();
  let isFixed = false;
  const job = defineJob((io) =>
    Promise.all([io.runTask("bad", () => pair.bad(isFixed ? 2 : 1)), io.runTask("slow", pair.slow)]),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await pair.ledger.until("slow begins");
  await someTurns();
  pair.gate.open();
  expect(await run.result()).toMatchObject({ ok: false, status: "FAILURE" });
  expect(await server.engine.readTasks(run.id)).toMatchObject([{ status: "FAILURE" }, { status: "SUCCESS" }]);
  isFixed = true;
  await server.engine.retry(run.id);
  expect(await run.output()).toContain("done");
  expect(pair.ledger.entries).toEqual(["slow begins", "slow ends"]);
});

test("a run that fails beside a wait ends at once", async () => {
  const job = defineJob((io) =>
    Promise.all([
      io.wait("a week", "7d"),
      io.runTask("waits", (_task, inner) => inner.wait("another", "7d")),
      io.runTask("bad", () => Promise.reject(new Error("broken"))),
    ]),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  expect(await run.result()).toMatchObject({ status: "FAILURE", error: { message: "broken" } });
});

test("B43 stop waits for the step beside a failure, and what it did is kept", async () => {
  const { ledger, gate, bad, slow } = createFailingPair();
  const job = defineJob((io, attempt) =>
    Promise.all([io.runTask("bad", () => bad(attempt)), io.runTask("slow", slow)]),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("slow begins");
  await someTurns();
  let isStopped = false;
  const stopped = server.stop({ timeoutMs: 30_000 }).then(() => (isStopped = true));
  await server.clock.advance(20_000);
  expect(isStopped).toBe(false);
  gate.open();
  await stopped;
  expect(await server.engine.readTasks(run.id)).toMatchObject([{ status: "FAILURE" }, { status: "SUCCESS" }]);
});

test("B40 the place of a canceled run stays taken until all functions of its tasks have ended", async () => {
  const { ledger, gate, slow } = createFailingPair();
  const job = defineJob((io) =>
    Promise.all([
      io.runTask("heeds", ({ signal }) => new Promise((_never, abort) => signal.addEventListener("abort", abort))),
      io.runTask("slow", slow),
    ]),
  );
  await using world = await createWorld([job]);
  const server = await world.start();
  const first = await server.use(job).invoke({});
  await ledger.until("slow begins");
  const second = await server.use(job).invoke({});
  await first.cancel();
  await someTurns();
  expect(ledger.entries).toEqual(["slow begins"]);
  gate.open();
  await ledger.until("slow begins", 2);
  expect(ledger.entries.slice(0, 3)).toEqual(["slow begins", "slow ends", "slow begins"]);
  await second.cancel();
});
