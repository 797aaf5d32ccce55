import { WORKLOADS } from "../workloads/measure-workload.ts";
import { ALL_COUNTS, LOST_AT_NORMAL, OUR_DRIVER, type System } from "./system.ts";

const beckon = {
  kind: "ours",
  driver: OUR_DRIVER,
  service: null,
  packageName: null,
  drainCounts: ALL_COUNTS,
} as const;

export const ours: readonly System[] = [
  {
    ...beckon,
    id: "beckon",
    title: "Beckon",
    variant: "full",
    durability: { afterKill: "all", afterPowerCut: "all" },
    workloads: WORKLOADS,
    setUp:
      "createServer with its schemas, events and dashboard, concurrency as the workload has it; W1, W2 and W7 with concurrency 0. Where no limit applies it claims up to 300 runs ahead, and the ends of runs that finish in the same turn share a commit: those that were not yet committed are executed again after a kill",
  },
  {
    ...beckon,
    id: "beckon-limited",
    title: "Beckon, job with a limit of 10",
    variant: "full-limited",
    durability: { afterKill: "all", afterPowerCut: "all" },
    workloads: ["w3-1", "w3-10"],
    setUp: "as Beckon, the job with concurrencyLimit: 10, so that nothing is claimed ahead",
  },
  {
    ...beckon,
    id: "beckon-by-id",
    title: "Beckon, the result asked for by the run's id",
    variant: "full-by-id",
    durability: { afterKill: "all", afterPowerCut: "all" },
    workloads: ["w4-http"],
    setUp: "as Beckon, by invoke and the run's output, which are two requests",
  },
  {
    ...beckon,
    id: "beckon-normal",
    title: 'Beckon, durability: "normal"',
    variant: "normal",
    durability: { afterKill: "all", afterPowerCut: LOST_AT_NORMAL },
    workloads: ["w1-one", "w1-64", "w2", "w3-1", "w3-10", "w3-100", "w4", "w5-10", "w5-100"],
    setUp: 'as Beckon, with durability: "normal"',
  },
];
