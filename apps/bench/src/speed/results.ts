import { type Spread, spreadOf } from "../scale/median.ts";
import type { MeasureAnswer } from "./measurement.ts";
import type { WorkloadId } from "./workloads/measure-workload.ts";
import type { Figures } from "./workloads/workload.ts";

/** What one system gave in one workload, over all rounds. */
export interface Result {
  readonly systemId: string;
  readonly workload: WorkloadId;
  readonly rounds: readonly Figures[];
  /** Why it gave nothing, or less than there were rounds. */
  readonly problems: readonly string[];
}

/** Of a round that failed. */
const NONE: Figures = {};

/** Gathers the answers of all rounds. */
export class Results {
  readonly #byPlace = new Map<string, { rounds: Figures[]; problems: string[] }>();

  add(systemId: string, workload: WorkloadId, answer: MeasureAnswer): void {
    const key = JSON.stringify([systemId, workload]);
    const found = this.#byPlace.get(key) ?? { rounds: [], problems: [] };
    this.#byPlace.set(key, found);
    found.rounds.push(answer.kind === "measured" ? answer.figures : NONE);
    if (answer.kind !== "measured") found.problems.push(answer.reason);
  }

  all(): readonly Result[] {
    return [...this.#byPlace].map(([key, { rounds, problems }]) => {
      const [systemId, workload] = JSON.parse(key) as [string, WorkloadId];
      return { systemId, workload, rounds, problems };
    });
  }
}

export function findResult(results: readonly Result[], systemId: string, workload: WorkloadId): Result | undefined {
  return results.find((result) => result.systemId === systemId && result.workload === workload);
}

/** The median of a figure and its ends; null: no round gave it. */
export function spreadIn(result: Result | undefined, figure: string): Spread | null {
  const values = (result?.rounds ?? []).flatMap((round) => round[figure] ?? []);
  return values.length === 0 ? null : spreadOf(values);
}
