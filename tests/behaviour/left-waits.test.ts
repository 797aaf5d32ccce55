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

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async (n: unknown) => n,
});

const waits = (inner: IO): Promise<unknown> => inner.wait("long", "7d");
const fail = () => Promise.reject(new Error("fails"));

/** Waits in a task inside a task, and goes on when the outer one has timed out. */
async function leaveNested(io: IO, how: string): Promise<void> {
  const work: Readonly<Record<string, (inner: IO) => unknown>> = {
    "a task": (outer) => outer.runTask("nested", (_task, inner) => waits(inner)),
    "a parallel item": (outer) => outer.parallel("items", [1, 2], (_item, _index, inner) => waits(inner)),
    "a task of a parallel item": (outer) =>
      outer.parallel("items", [1, 2], (_item, _index, item) => item.runTask("nested", (_task, inner) => waits(inner))),
    "an awaited child": () => child.invokeAndWait("never", { delay: "7d" }),
  };
  await io.runTask("outer", (_task, outer) => work[how]?.(outer), { timeout: "1s" }).catch(() => undefined);
}

test.for(["a task", "a parallel item", "a task of a parallel item", "an awaited child"])(
  "behind a wait in %s of an attempt that timed out the run parks, and others have its slot",
  async (how) => {
    const job = defineJob(async (io) => {
      await leaveNested(io, how);
      const output = await child.invokeAndWait("quick");
      await io.wait("pause", "1h");
      return output.ok;
    });
    await using world = await createWorld([job, child]);
    const server = await world.start({ concurrency: 1 });
    const run = await server.use(job).invoke({});
    await server.clock.advance(1_000);
    await server.until(run.id, "WAITING", 2);
    const output = run.output();
    await server.clock.advance(3_600_000);
    expect(await output).toBe(true);
  },
);

test("a retried attempt that awaits the same child as the one before it gets the result", async () => {
  const gate = createGate();
  const job = defineJob(async (io) => {
    // Keeps the frame, so that the second attempt finds what the first has left there.
    const other = io.runTask("other", () => gate.passed);
    const outer = io.runTask(
      "outer",
      async ({ attempt }) => {
        const run = child.invokeAndWait("result", { delay: "5s" });
        if (attempt === 1) await Promise.race([run, Promise.reject(new Error("again"))]);
        return (await run).ok;
      },
      { retry: { limit: 2, minTimeoutInMs: 1_000, randomize: false } },
    );
    const ok = await outer;
    gate.open();
    await other;
    return ok;
  });
  await using world = await createWorld([job, child]);
  const server = await world.start();
  const output = (await server.use(job).invoke({})).output();
  for (let seconds = 0; seconds < 10; seconds += 1) await server.clock.advance(1_000);
  expect(await output).toBe(true);
});

test.for([{}, { key: "child" }])(
  "a call that an attempt makes after its timeout makes nothing: %j",
  async (options) => {
    const [late, rest] = [createGate(), createGate()];
    const ids: string[] = [];
    const work = async ({ attempt }: { readonly attempt: number }): Promise<void> => {
      if (attempt === 1) await late.passed;
      ids.push((await child.invoke("x", options)).id);
    };
    const job = defineJob(async (io) => {
      const other = io.runTask("other", () => rest.passed);
      await io.runTask("outer", work, {
        timeout: "1s",
        retry: { limit: 2, minTimeoutInMs: 1_000, randomize: false },
      });
      rest.open();
      await other;
    });
    await using world = await createWorld([job, child]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await server.clock.advance(1_000);
    late.open();
    for (let turns = 0; turns < 20; turns += 1) await aTurn();
    const result = run.result();
    await server.clock.advance(1_000);
    expect((await result).ok).toBe(true);
    expect(ids).toEqual([expect.stringMatching(/^run_/)]);
    expect((await server.engine.listRuns({ job: "child" })).runs.map(({ id }) => id)).toEqual(ids);
  },
);

test("a wait that an onError leaves behind parks nobody", async () => {
  const ledger = createLedger();
  const gate = createGate();
  const job = defineJob(async (io) => {
    await io
      .runTask("task", fail, {}, async (_error, _task, inner) => {
        await Promise.race([inner.wait("long", "7d"), inner.runTask("quick", () => 1)]);
        return { skipRetrying: true };
      })
      .catch(() => ledger.note("after"));
    await gate.passed;
    return io.runTask("last", () => "done");
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await ledger.until("after");
  for (let turns = 0; turns < 20; turns += 1) await aTurn();
  gate.open();
  expect(await run.output()).toBe("done");
});

test("the run's own io, called by what a task has set going, is not ended with that task", async () => {
  const job = defineJob(async (io) => {
    const { promise: worked, resolve } = Promise.withResolvers<unknown>();
    const { promise: woken, resolve: wake } = Promise.withResolvers<void>();
    await io.runTask("sets it going", () => {
      // In the async context of this task, after it has ended.
      void woken.then(() => resolve(io.runTask("queued", () => "worked")));
    });
    wake();
    return worked;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  expect(await (await server.use(job).invoke({})).output()).toBe("worked");
});

test.for(["times out", "loses a race"])(
  "a signal does not go to a wait in a task that %s, but to who still waits",
  async (how) => {
    const ask = (_task: unknown, inner: IO): Promise<unknown> => {
      const asked = inner.waitForSignal("a", "approved");
      return how === "times out" ? asked : Promise.race([asked, inner.wait("patience", "1s")]);
    };
    const job = defineJob(async (io) => {
      await io.runTask("ask", ask, { timeout: "1h" }).catch(() => undefined);
      return io.waitForSignal("b", "approved");
    });
    await using world = await createWorld([job]);
    const server = await world.start();
    const run = await server.use(job).invoke({});
    await server.clock.advance(3_600_000);
    await server.until(run.id, "WAITING");
    await server.engine.sendSignal({ name: "approved", payload: "yes" });
    expect(await run.output()).toBe("yes");
  },
);

test.for([
  ["loses a race of its run", null],
  ["has a timeout", "yes"],
] as const)("a signal that comes late for a wait that %s is seen as %s", async ([how, answer]) => {
  const ask = (io: IO, turn: number): Promise<unknown> =>
    how === "has a timeout"
      ? io.waitForSignal(["answer", turn], "approved", { timeout: "1h" })
      : Promise.race([io.waitForSignal(["answer", turn], "approved"), io.wait(["patience", turn], "1h")]);
  const job = defineJob(async (io) => {
    const answers: unknown[] = [];
    for (const turn of [1, 2]) answers.push(await ask(io, turn).catch(() => undefined));
    return answers.find((one) => one !== undefined) ?? null;
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  const run = await server.use(job).invoke({});
  await server.until(run.id, "WAITING");
  const parked = server.until(run.id, "WAITING", 2);
  await server.clock.advance(3_600_000);
  await parked;
  // A promise that lost a race goes on in plain code, too: the first wait is there to take it.
  expect(await server.engine.sendSignal({ name: "approved", payload: "yes" })).toBe("delivered");
  await server.clock.advance(3_600_000);
  expect(await run.output()).toBe(answer);
});
