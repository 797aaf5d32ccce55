import type { DriverContext } from "./driver.ts";
import type { WorkloadId } from "./workloads/measure-workload.ts";
import type { DrainCounts, Figures } from "./workloads/workload.ts";

/** What a process of one measurement is told. */
export interface MeasureRequest {
  /** The file of the driver. */
  readonly driver: string;
  readonly workload: WorkloadId;
  readonly context: DriverContext;
  /** Jobs in a pass of W2, and in a drain at concurrency 1 and above; fewer for systems that would take minutes. */
  readonly drainCounts: DrainCounts;
}

export type MeasureAnswer =
  | { readonly kind: "measured"; readonly figures: Figures }
  | { readonly kind: "failed"; readonly reason: string };
