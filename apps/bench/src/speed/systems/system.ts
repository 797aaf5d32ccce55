import { fileURLToPath } from "node:url";
import type { WorkloadId } from "../workloads/measure-workload.ts";
import type { DrainCounts } from "../workloads/workload.ts";

export type ServiceId = "redis-everysec" | "redis-always" | "postgres" | "restate";

/** What is left of acknowledged work, in a few words each. */
export interface Durability {
  readonly afterKill: string;
  readonly afterPowerCut: string;
}

/** One line of the table: a system in one form. */
export interface System {
  readonly id: string;
  /** Beckon, the yardstick, what it is compared with, or a server that stores nothing. */
  readonly kind: "ours" | "limit" | "peer" | "bare";
  readonly title: string;
  /** The file of its driver. */
  readonly driver: string;
  readonly variant: string;
  readonly service: ServiceId | null;
  /** The package whose version is stated; null: this repository's. */
  readonly packageName: string | null;
  readonly durability: Durability;
  readonly workloads: readonly WorkloadId[];
  readonly drainCounts: DrainCounts;
  /** How it was set up where it was tuned, for the report. */
  readonly setUp: string;
}

export const OUR_DRIVER = fileURLToPath(new URL("../ours/ours.ts", import.meta.url));
export const LIMIT_DRIVER = fileURLToPath(new URL("../limit/limit.ts", import.meta.url));
/** Outside of the workspace, with packages of its own. */
export const PEERS_FOLDER = fileURLToPath(new URL("../../../peers/", import.meta.url));

export const ALL_COUNTS: DrainCounts = { bulk: 10_000, alone: 10_000, together: 10_000, stepRuns: 500 };
/** For systems that would take minutes to drain the whole; the report says so. */
export const FEW_COUNTS: DrainCounts = { ...ALL_COUNTS, alone: 300, together: 1_000 };

/** SQLite syncs its log at a checkpoint then; before one, the system writes it when it likes. */
export const LOST_AT_NORMAL = "all but what came since the last checkpoint";
