import { BeckonClient, invokeTrigger } from "@beckon/core";
import { UnavailableError } from "@beckon/core/runtime";
import { openSqliteStore } from "@beckon/sqlite";
import { connectionOf } from "@beckon/sqlite/testing";
import { expect, test, vi } from "vitest";
import { createLedger } from "./ledger.ts";
import { createWorld, type Process, type World } from "./scheduling-world.ts";

const client = new BeckonClient({ id: "tests" });

/** A program that has the file open, and may keep its lock. */
async function openOther(
  world: World,
): Promise<AsyncDisposable & { readonly lock: () => void; readonly free: () => void }> {
  const store = await openSqliteStore({ path: world.path });
  const db = connectionOf(store);
  return {
    lock: () => void db.exec("BEGIN IMMEDIATE"),
    free: () => void db.exec("COMMIT"),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

/** Time passes for whoever tries to get the lock as the test says, and each try fails at once. */
function holdTries({ store }: Process): Disposable & { readonly pass: (ms: number) => Promise<void> } {
  connectionOf(store).pragma("busy_timeout = 0");
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  return {
    pass: async (ms) => {
      // What was asked for is tried in the next turn.
      await new Promise((resolve) => void setImmediate(resolve));
      await vi.advanceTimersByTimeAsync(ms);
    },
    [Symbol.dispose]: () => void vi.useRealTimers(),
  };
}

test("B38 while another program keeps the lock, the server says so and refuses what is invoked; what it holds is written when that lets go", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) => {
      const receipt = await io.runTask("charge", () => {
        ledger.note("charge");
        if (ledger.entries.length === 1) other.lock();
        return "paid";
      });
      await io.runTask("ship", () => ledger.note("ship"));
      return receipt;
    },
  });
  await using world = await createWorld([job]);
  const server = await world.start();
  await using other = await openOther(world);
  using tries = holdTries(server);
  const run = await server.use(job).invoke({});
  await ledger.until("charge");
  await tries.pass(9_000);
  expect(server.engine.health()).toMatchObject({ isReady: true, problem: null });
  const refused = server
    .use(job)
    .invoke({})
    .catch((error: unknown) => error);
  await tries.pass(2_000);
  expect(await refused).toBeInstanceOf(UnavailableError);
  expect(server.engine.health()).toMatchObject({
    isReady: false,
    problem: expect.stringContaining("another connection has kept its lock for ten seconds"),
  });
  other.free();
  const output = run.output();
  await server.clock.advance(1_000);
  expect(await output).toBe("paid");
  expect(ledger.entries).toEqual(["charge", "ship"]);
  expect(server.engine.health()).toMatchObject({ isReady: true, problem: null });
  expect((await server.engine.listRuns({})).runs.map(({ id }) => id)).toEqual([run.id]);
});

test("a server is stopped while another program keeps the lock, and its successor goes on with what it could not write", async () => {
  const ledger = createLedger();
  const job = client.defineJob({
    id: "job",
    name: "Job",
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: async (_payload, io) =>
      io.runTask("charge", ({ idempotencyKey }) => {
        ledger.note(idempotencyKey);
        if (ledger.entries.length === 1) other.lock();
      }),
  });
  await using world = await createWorld([job]);
  const one = await world.start();
  await using other = await openOther(world);
  const run = await one.use(job).invoke({});
  {
    using tries = holdTries(one);
    await one.until(run.id, "EXECUTING");
    const stopped = one.stop({ timeoutMs: 1_000 });
    await tries.pass(11_000);
    await one.clock.advance(1_000);
    await tries.pass(11_000);
    await stopped;
  }
  one.kill();
  other.free();
  const two = await world.start();
  expect(await two.use(job).run(run.id).output()).toBeUndefined();
  expect(ledger.entries).toHaveLength(2);
  expect(new Set(ledger.entries).size).toBe(1);
});
