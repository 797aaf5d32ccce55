import { expect, test } from "vitest";
import { createWorld, type Process } from "../scheduling-world.ts";
import { createDice, type Dice, makeProgram, type Op } from "./program.ts";
import { defineJobs } from "./run-program.ts";
import { createWitness, type Witness } from "./witness.ts";

/** How many are drawn, and from which seed on: another range is another search. */
const { BECKON_TEST_PROGRAMS = "60", BECKON_TEST_SEED = "1" } = process.env;
/** A program that is not done after so many blows of fate never will be. */
const MOST_BLOWS = 3_000;

interface LivingProcess {
  readonly server: Process;
  readonly life: { isOver: boolean };
}

/** Performs a program while its processes, one or two at once, are killed, stopped and started over, and clocks move on. */
async function performUnderBlows(program: readonly Op[], witness: Witness, dice: Dice): Promise<string> {
  await using world = await createWorld([]);
  const start = async (startAt?: number): Promise<LivingProcess> => {
    const life = { isOver: false };
    const jobs = defineJobs(program, witness, life);
    return { life, server: await world.start({ jobs, concurrency: 1 + dice(3), startAt }) };
  };
  const living = [await start()];
  if (dice(2) === 0) living.push(await start());
  const request = { jobId: "main", items: [{ payload: {}, options: {} }], isBatch: false };
  const [id = ""] = (await living[0]?.server.engine.invoke(request)) ?? [];
  for (let blow = 1; blow <= MOST_BLOWS; blow += 1) {
    const index = dice(living.length);
    const { server, life } = living[index] as LivingProcess;
    const run = await server.engine.readRun(id);
    if (run.completedAt !== null) return `${run.status} ${JSON.stringify(run.output ?? run.error)}`;
    await someTurns(dice(12));
    const isFatal = await strike(dice, server);
    life.isOver = isFatal;
    if (isFatal) living[index] = await start(server.clock.now());
  }
  return "not done";
}

/** What happens to a process; tells whether it is its end. */
async function strike(dice: Dice, server: Process): Promise<boolean> {
  const blow = dice(16);
  if (blow > 1) await server.clock.advance(dice(4) * 400);
  if (blow === 0) server.kill();
  if (blow === 1) {
    const stopped = server.stop({ timeoutMs: dice(2) * 60_000 });
    await server.clock.advance(60_000);
    await stopped;
  }
  return blow <= 1;
}

async function someTurns(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
}

test("B32 B36 random programs end with what they saw first, whatever becomes of their processes", async () => {
  const firstSeed = Number(BECKON_TEST_SEED);
  for (let seed = firstSeed; seed < firstSeed + Number(BECKON_TEST_PROGRAMS); seed += 1) {
    const dice = createDice(seed);
    const program = makeProgram(dice);
    const witness = createWitness();
    const ending = await performUnderBlows(program, witness, dice);
    const report = { seed, program, ending, problems: witness.problems };
    expect(report).toEqual({ seed, program, ending: 'SUCCESS "done"', problems: [] });
  }
}, 120_000);
