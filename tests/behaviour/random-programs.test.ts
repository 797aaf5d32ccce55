import { expect, test, vi } from "vitest";
import { createLedger } from "./ledger.ts";
import { countCalls, createChance, defineInterpreter, drawProgram, outcomeOf, type Program } from "./random-program.ts";
import { startWorld } from "./world.ts";

vi.setConfig({ testTimeout: 60_000 });

/** How many are drawn, and from which seed on: another range is another search. */
const { BECKON_TEST_PROGRAMS = "60", BECKON_TEST_SEED = "1" } = process.env;

async function expectSameThroughCrashes(program: Program, chance: () => number): Promise<void> {
  const ledger = createLedger();
  const interpreter = defineInterpreter(ledger);
  const crashAt = { write: 1 + Math.floor(chance() * 60), moment: chance() < 0.5 ? "before" : "after" } as const;
  await using world = await startWorld([interpreter], { crashAt, concurrency: chance() < 0.3 ? 2 : 100 });
  const toEnd = async () => world.endOf(await interpreter.invoke(program, { idempotencyKey: "the one" }));
  let result = await Promise.race([toEnd(), world.died.then(() => null)]);
  for (let restarts = 0; result === null; restarts += 1) {
    await world.restart();
    result = await Promise.race([toEnd(), restarts < 3 ? ticks(world, chance) : new Promise<never>(() => undefined)]);
  }
  expect(result).toMatchObject({ status: "SUCCESS" });
  expect(result.ok && result.output).toEqual(outcomeOf(program));
  expect(await world.store.listRuns({ limit: 10_000 })).toHaveLength(1 + countCalls(program));
  const repeated = ledger.entries.filter(
    (entry, index) => entry.startsWith("kept ") && ledger.entries.indexOf(entry.replace("kept", "work"), index) >= 0,
  );
  expect(repeated).toEqual([]);
}

/** Some turns of the event loop, after which the process is killed. */
async function ticks(world: Awaited<ReturnType<typeof startWorld>>, chance: () => number): Promise<null> {
  for (let turn = Math.floor(chance() * 10); turn > 0; turn -= 1) await world.clock.tick();
  return null;
}

test("B33 whatever a run does with steps and other runs comes out the same through any crash", async () => {
  const first = Number(BECKON_TEST_SEED);
  for (let seed = first; seed < first + Number(BECKON_TEST_PROGRAMS); seed += 1) {
    const chance = createChance(seed);
    const program = drawProgram(chance, 3 + Math.floor(chance() * 3));
    try {
      await expectSameThroughCrashes(program, chance);
    } catch (error) {
      throw new Error(`Seed ${seed}: ${JSON.stringify(program)}`, { cause: error });
    }
  }
});
