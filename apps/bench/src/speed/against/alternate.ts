import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Driver } from "../driver.ts";
import { openDriver } from "../open-driver.ts";
import { drainOnce } from "../workloads/drain.ts";
import type { AlternationRequest, Round, Side } from "./alternation.ts";

/** V8 has compiled what a drain of ten thousand goes through after the second. */
const WARM_UP_DRAINS = 4;

/*
 * The process in which drains of two trees alternate. Each has its own modules and its own file; the processor's speed, the
 * disk's and the garbage collector's moments they share, which between two processes differ by more than most changes do.
 */
const { drivers, drain, rounds, folder } = JSON.parse(process.argv[2] ?? "null") as AlternationRequest;

async function open({ side, path }: AlternationRequest["drivers"][number]): Promise<readonly [Side, Driver]> {
  const own = join(folder, side);
  await mkdir(own);
  const context = { folder: own, variant: "full", service: "", tuning: "tuned", history: null } as const;
  return [side, await openDriver(path, context)];
}

const sides = [];
for (const each of drivers) sides.push(await open(each));
for (const [, driver] of sides) for (let done = 0; done < WARM_UP_DRAINS; done += 1) await drainOnce(driver, drain);

const measured: Round[] = [];
for (let round = 0; round < rounds; round += 1) {
  const took = { here: 0, there: 0 };
  // Each goes first in half of the rounds.
  for (const [side, driver] of round % 2 === 0 ? sides : sides.toReversed())
    took[side] = await drainOnce(driver, drain);
  measured.push(took);
}
process.send?.(measured, () => process.exit(0));
