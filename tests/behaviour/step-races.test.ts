import { BeckonClient, invokeTrigger, type AnyJob, type IO } from "@beckon/core";
import { startTestEngine } from "@beckon/engine/testing";
import { createTemporaryDatabase } from "@beckon/sqlite/testing";
import { expect, test, vi } from "vitest";

const client = new BeckonClient({ id: "tests" });

const child = client.defineJob({
  id: "child",
  name: "Child",
  version: "1.0.0",
  trigger: invokeTrigger(),
  run: async () => 1,
});

const STORES = {
  memory: async (jobs: readonly AnyJob[]) => startTestEngine(jobs),
  SQLite: async (jobs: readonly AnyJob[]) => {
    const database = await createTemporaryDatabase();
    const world = await startTestEngine(jobs, { store: await database.open() });
    return {
      clock: world.clock,
      [Symbol.asyncDispose]: async () => {
        await world[Symbol.asyncDispose]();
        await database[Symbol.asyncDispose]();
      },
    };
  },
};

const makeChild = (): Promise<string> => child.invoke("raced").then(() => "child");

/** Calls that end as soon as they are on disk. */
const CALLS: Readonly<Record<string, (io: IO) => Promise<unknown>>> = {
  "a value": (io) => io.random("random"),
  "an instant": (io) => io.now("now"),
  "a signal": (io) => io.sendSignal("send", "sent"),
  "a task": (io) => io.runTask("task", () => 1),
  "a status": (io) => io.createStatus("status", { label: "Status" }),
  "an item": (io) => io.parallel("items", [1], () => 1),
  "a batch": () => child.batchInvoke([{ payload: "one" }, { payload: "two" }]),
  "a refused call": () => child.invoke(() => 1, { key: "refused" }).catch(() => null),
};

for (const [store, start] of Object.entries(STORES))
  for (const [name, call] of Object.entries(CALLS))
    test.for(["first", "second"])(
      `B36 a race of a call of a job with ${name} has the same winner on every replay (${store}, the call is %s)`,
      async (place) => {
        const winners: string[] = [];
        const racer = client.defineJob({
          id: "racer",
          name: "Racer",
          version: "1.0.0",
          trigger: invokeTrigger(),
          run: async (_payload, io) => {
            const other = (): Promise<string> => call(io).then(() => "other");
            const racers = place === "first" ? [makeChild(), other()] : [other(), makeChild()];
            winners.push(await Promise.race(racers));
            await Promise.all(racers);
            await io.wait("a pause", 1);
            await io.wait("another pause", 1);
          },
        });
        await using world = await start([racer, child]);
        const run = await racer.invoke();
        const result = run.result();
        await vi.waitFor(async () => {
          await world.clock.advance(1_000);
          expect(winners).toHaveLength(3);
        });
        expect(await result).toMatchObject({ ok: true });
        expect(winners).toEqual([winners[0], winners[0], winners[0]]);
      },
    );
