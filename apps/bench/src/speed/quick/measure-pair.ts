import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { runMeasurement } from "../run-measurement.ts";
import { LIMIT_DRIVER, OUR_DRIVER } from "../systems/system.ts";
import type { Pair } from "./pairs.ts";

const COUNTS = { bulk: 10_000, alone: 5_000, together: 10_000, stepRuns: 500 };

/** How fast Beckon is, LIMIT being 1: of rates theirs, of times the inverse. */
export async function measurePair(pair: Pair, folder: string): Promise<number> {
  const ours = await measureOne(pair, { driver: OUR_DRIVER, variant: pair.ours, folder });
  const limit = await measureOne(pair, { driver: LIMIT_DRIVER, variant: pair.limit, folder });
  return pair.figure.endsWith(" ms") ? limit / ours : ours / limit;
}

interface Subject {
  readonly driver: string;
  readonly variant: string;
  readonly folder: string;
}

async function measureOne({ workload, figure }: Pair, { driver, variant, folder }: Subject): Promise<number> {
  const context = {
    folder: await mkdtemp(join(folder, "measure-")),
    variant,
    service: "",
    tuning: "tuned",
    history: null,
  } as const;
  const answer = await runMeasurement({ driver, workload, drainCounts: COUNTS, context });
  if (answer.kind !== "measured") throw new Error(`${workload} was not measured: ${answer.reason}`);
  return answer.figures[figure] ?? 0;
}
