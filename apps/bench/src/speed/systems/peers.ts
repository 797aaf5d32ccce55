import { join } from "node:path";
import type { WorkloadId } from "../workloads/measure-workload.ts";
import { ALL_COUNTS, type Durability, PEERS_FOLDER, type System } from "./system.ts";

const QUEUE_WORKLOADS: readonly WorkloadId[] = ["w1-one", "w1-64", "w2", "w3-1", "w3-10", "w3-100"];
const WITH_RESULTS: readonly WorkloadId[] = [...QUEUE_WORKLOADS, "w4", "w4-defaults"];

const POSTGRES_DURABILITY: Durability = { afterKill: "all", afterPowerCut: "all" };

function peer(system: Omit<System, "driver" | "variant" | "drainCounts"> & Partial<System> & { file: string }): System {
  const { file, ...rest } = system;
  return { variant: "", drainCounts: ALL_COUNTS, ...rest, driver: join(PEERS_FOLDER, "drivers", `${file}.ts`) };
}

export const peers: readonly System[] = [
  peer({
    id: "bullmq-everysec",
    title: "BullMQ, Redis everysec",
    file: "bullmq",
    service: "redis-everysec",
    packageName: "bullmq",
    durability: { afterKill: "all of Redis's; of Node's death: all", afterPowerCut: "all but the last second" },
    workloads: WITH_RESULTS,
    setUp: "one Queue, one Worker; finished jobs are kept; Redis appendonly, appendfsync everysec",
  }),
  peer({
    id: "bullmq-always",
    title: "BullMQ, Redis always",
    file: "bullmq",
    service: "redis-always",
    packageName: "bullmq",
    durability: { afterKill: "all", afterPowerCut: "all" },
    workloads: WITH_RESULTS,
    setUp: "as above, appendfsync always",
  }),
  peer({
    id: "plainjob",
    title: "plainjob",
    file: "plainjob",
    service: null,
    packageName: "plainjob",
    durability: { afterKill: "all", afterPowerCut: "all but the last moments" },
    workloads: QUEUE_WORKLOADS,
    setUp:
      "synchronous=NORMAL, as it sets itself; as many workers as concurrency, each polling every 10 ms; raw text, no results",
  }),
  peer({
    id: "graphile-worker",
    title: "graphile-worker",
    file: "graphile-worker",
    service: "postgres",
    packageName: "graphile-worker",
    durability: POSTGRES_DURABILITY,
    workloads: QUEUE_WORKLOADS,
    setUp:
      "localQueue.size 500, completeJobBatchDelay 0, as its performance page has it; deletes finished jobs, keeps no results",
  }),
];
