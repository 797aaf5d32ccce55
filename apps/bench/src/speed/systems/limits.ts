import type { WorkloadId } from "../workloads/measure-workload.ts";
import { ALL_COUNTS, LIMIT_DRIVER, LOST_AT_NORMAL, type System } from "./system.ts";

const FORMS = {
  commit: {
    title: "a commit per statement",
    workloads: ["w1-one", "w3-1", "w4", "w6-one"],
  },
  group: {
    title: "group commit",
    workloads: ["w1-64", "w2", "w3-10", "w3-100", "w5-10", "w5-100", "w6-64"],
  },
  fused: {
    title: "completing and claiming in one commit",
    workloads: ["w3-1", "w3-10", "w3-100", "w5-10", "w5-100", "w6-10"],
  },
} as const satisfies Record<string, { readonly title: string; readonly workloads: readonly WorkloadId[] }>;

const DURABILITY = {
  full: { afterKill: "all", afterPowerCut: "all" },
  normal: { afterKill: "all", afterPowerCut: LOST_AT_NORMAL },
} as const;

/** Better-sqlite3 with nothing around it: a loop of inserts, claims and completions. It claims as many as it executes. */
export const limits: readonly System[] = (["commit", "group", "fused"] as const).flatMap((form) =>
  (["full", "normal"] as const).map((durability) => ({
    id: `limit-${form}-${durability}`,
    kind: "limit" as const,
    title: `LIMIT, ${FORMS[form].title}, ${durability.toUpperCase()}`,
    driver: LIMIT_DRIVER,
    variant: `${form}-${durability}`,
    service: null,
    packageName: "better-sqlite3",
    durability: DURABILITY[durability],
    workloads: FORMS[form].workloads,
    drainCounts: ALL_COUNTS,
    setUp: `better-sqlite3 in a loop, WAL, synchronous=${durability.toUpperCase()}`,
  })),
);
