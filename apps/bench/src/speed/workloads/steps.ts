import { type Driver, STEPS } from "../driver.ts";
import { drain } from "./drain.ts";
import type { Figures } from "./workload.ts";

/** W5: runs of ten memoised steps each; a step counts once its run is finished in the store. */
export async function executeSteps(driver: Driver, concurrency: number, runs: number): Promise<Figures> {
  const { perSecond } = await drain(driver, { kind: "steps", count: runs, concurrency });
  return { "steps/s": perSecond * STEPS };
}
