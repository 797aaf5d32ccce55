import type { Driver } from "../driver.ts";
import type { DrainCounts } from "../measurement.ts";
import { drainNoops } from "./drain.ts";
import { enqueueAlone, enqueueInBulk } from "./enqueue.ts";
import { roundTrips } from "./round-trip.ts";
import { executeSteps } from "./steps.ts";
import type { Figures } from "./workload.ts";

type Measure = (driver: Driver, counts: DrainCounts) => Promise<Figures>;

const MEASURES = {
  "w1-one": (driver) => enqueueAlone(driver, 1),
  "w1-64": (driver) => enqueueAlone(driver, 64),
  w2: (driver) => enqueueInBulk(driver),
  "w3-1": (driver, { alone }) => drainNoops(driver, 1, alone),
  "w3-10": (driver, { together }) => drainNoops(driver, 10, together),
  "w3-100": (driver, { together }) => drainNoops(driver, 100, together),
  w4: (driver) => roundTrips(driver, "noop"),
  "w4-defaults": (driver) => roundTrips(driver, "noop"),
  w4c: (driver) => roundTrips(driver, "parent"),
  "w5-10": (driver, { stepRuns }) => executeSteps(driver, 10, stepRuns),
  "w5-100": (driver, { stepRuns }) => executeSteps(driver, 100, stepRuns),
} as const satisfies Record<string, Measure>;

export type WorkloadId = keyof typeof MEASURES;

export const WORKLOADS = Object.keys(MEASURES) as readonly WorkloadId[];

export function measureWorkload(
  driver: Driver,
  { workload, drainCounts }: { readonly workload: WorkloadId; readonly drainCounts: DrainCounts },
): Promise<Figures> {
  return MEASURES[workload](driver, drainCounts);
}
