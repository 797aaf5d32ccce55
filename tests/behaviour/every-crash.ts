import type { AnyJob, Run, RunResult } from "@beckon/core";
import { expect } from "vitest";
import type { CrashPoint } from "./power-switch.ts";
import { startWorld, type World } from "./world.ts";

/** What is played: jobs with a world of their own, the call that begins it all, and what must hold at its end. */
export interface Play<Output> {
  readonly jobs: readonly AnyJob[];
  /** Called by each process: made so that the second call finds the run of the first. */
  readonly begin: () => Promise<Run<Output, unknown>>;
  readonly check: (result: RunResult<Output, unknown>, world: World) => Promise<void>;
}

/**
 * Plays once without a crash, and then once for every write of the process, which dies before it or before its
 * answer; another process goes on. Gives the number of crashes.
 */
export async function playEveryCrash<Output>(makePlay: () => Play<Output>): Promise<number> {
  expect(await play(makePlay(), null)).toBe(false);
  let crashes = 0;
  for (let write = 1; ; write += 1) {
    const died = [];
    for (const moment of ["before", "after"] as const) died.push(await play(makePlay(), { write, moment }));
    if (died.every((one) => !one)) return crashes;
    crashes += died.length;
  }
}

async function play<Output>({ jobs, begin, check }: Play<Output>, crashAt: CrashPoint | null): Promise<boolean> {
  await using world = await startWorld(jobs, crashAt === null ? {} : { crashAt });
  const toEnd = async (): Promise<RunResult<Output, unknown>> => world.endOf(await begin());
  const ended = await Promise.race([toEnd(), world.died.then(() => null)]);
  if (ended === null) await world.restart();
  const result = ended ?? (await toEnd());
  try {
    await check(result, world);
  } catch (error) {
    throw new Error(`It went wrong with a crash at ${JSON.stringify(crashAt)}.`, { cause: error });
  }
  return ended === null;
}
