import type { WorkloadId } from "../workloads/measure-workload.ts";

/** A workload, and the two forms that are compared in it. */
export interface Pair {
  readonly name: string;
  readonly workload: WorkloadId;
  readonly ours: string;
  readonly limit: string;
  readonly figure: string;
}

/*
 * Where commits are few and the work between them counts, at NORMAL, which the disk disturbs less. One caller and
 * the round trip at FULL: there a commit too many shows. Drains at 10 go the ways of those at 100, and are left out for the time.
 */
export const pairs: readonly Pair[] = [
  { name: "W1 one caller, FULL", workload: "w1-one", ours: "full", limit: "commit-full", figure: "jobs/s" },
  { name: "W1 64 callers, NORMAL", workload: "w1-64", ours: "normal", limit: "group-normal", figure: "jobs/s" },
  { name: "W2 bulk, NORMAL", workload: "w2", ours: "normal", limit: "group-normal", figure: "jobs/s" },
  { name: "W3 drain @1, NORMAL", workload: "w3-1", ours: "normal", limit: "fused-normal", figure: "jobs/s" },
  { name: "W3 drain @100, NORMAL", workload: "w3-100", ours: "normal", limit: "fused-normal", figure: "jobs/s" },
  { name: "W4 round trip, FULL", workload: "w4", ours: "full", limit: "commit-full", figure: "p50 ms" },
  { name: "W5 steps @10, NORMAL", workload: "w5-10", ours: "normal", limit: "fused-normal", figure: "steps/s" },
];
