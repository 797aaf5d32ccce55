import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { runMeasurement } from "../run-measurement.ts";
import { LIMIT_DRIVER, OUR_DRIVER } from "../systems/system.ts";
import { figureOf, type Try } from "./judge-pair.ts";
import type { Pair } from "./pairs.ts";

const COUNTS = { bulk: 10_000, alone: 5_000, together: 10_000, stepRuns: 500 };

interface Place {
  /** Where each measurement gets a folder of its own. */
  readonly folder: string;
  /** Aborted, the measurement under way ends, and this rejects with its reason. */
  readonly signal: AbortSignal;
}

/** Measures both sides, one right after the other. @throws when one of them fails */
export async function measurePair(pair: Pair, place: Place): Promise<Try> {
  const ours = await measureOne(pair, { ...place, driver: OUR_DRIVER, variant: pair.ours });
  const limit = await measureOne(pair, { ...place, driver: LIMIT_DRIVER, variant: pair.limit });
  return { ours, limit };
}

interface Subject extends Place {
  readonly driver: string;
  readonly variant: string;
}

async function measureOne(pair: Pair, { folder, signal, driver, variant }: Subject): Promise<number> {
  const context = {
    folder: await mkdtemp(join(folder, "measure-")),
    variant,
    service: "",
    tuning: "tuned",
    history: null,
  } as const;
  const answer = await runMeasurement({ driver, workload: pair.workload, drainCounts: COUNTS, context }, signal);
  signal.throwIfAborted();
  if (answer.kind !== "measured") throw new Error(`"${pair.name}" was not measured with ${variant}: ${answer.reason}`);
  return figureOf(pair, answer.figures);
}
