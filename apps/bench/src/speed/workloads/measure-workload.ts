import type { Driver } from "../driver.ts";
import { drainNoops } from "./drain.ts";
import { enqueueAlone, enqueueInBulk } from "./enqueue.ts";
import { answerRequests } from "./requests.ts";
import { httpRoundTrips, roundTrips } from "./round-trip.ts";
import { executeSteps } from "./steps.ts";
import type { DrainCounts, Figures } from "./workload.ts";

type Measure = (driver: Driver, counts: DrainCounts) => Promise<Figures>;

const MEASURES = {
  "w1-one": (driver) => enqueueAlone(driver, 1),
  "w1-64": (driver) => enqueueAlone(driver, 64),
  w2: (driver, { bulk }) => enqueueInBulk(driver, bulk),
  "w3-1": (driver, { alone }) => drainNoops(driver, 1, alone),
  "w3-10": (driver, { together }) => drainNoops(driver, 10, together),
  "w3-100": (driver, { together }) => drainNoops(driver, 100, together),
  w4: (driver) => roundTrips(driver, "noop"),
  "w4-defaults": (driver) => roundTrips(driver, "noop"),
  "w4-http": (driver) => httpRoundTrips(driver),
  w4c: (driver) => roundTrips(driver, "parent"),
  "w5-10": (driver, { stepRuns }) => executeSteps(driver, 10, stepRuns),
  "w5-100": (driver, { stepRuns }) => executeSteps(driver, 100, stepRuns),
  "w6-one": (driver) => enqueueAlone(driver, 1),
  "w6-64": (driver) => enqueueAlone(driver, 64),
  "w6-10": (driver, { together }) => drainNoops(driver, 10, together),
  "w7-1": (driver) => answerRequests(driver, "procedure", 1),
  "w7-32": (driver) => answerRequests(driver, "procedure", 32),
  "w7-128": (driver) => answerRequests(driver, "procedure", 128),
  "w7-rest": (driver) => answerRequests(driver, "rest", 32),
} as const satisfies Record<string, Measure>;

type DrivenWorkload = keyof typeof MEASURES;
/** W8 looks at a process from outside, and has no driver. */
export type WorkloadId = DrivenWorkload | "w8";

export const WORKLOADS: readonly WorkloadId[] = [...(Object.keys(MEASURES) as DrivenWorkload[]), "w8"];

export function measureWorkload(
  driver: Driver,
  { workload, drainCounts }: { readonly workload: WorkloadId; readonly drainCounts: DrainCounts },
): Promise<Figures> {
  if (workload === "w8") throw new Error("W8 is not measured by a driver");
  return MEASURES[workload](driver, drainCounts);
}
