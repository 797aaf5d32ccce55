import { join } from "node:path";
import type { WorkloadId } from "../workloads/measure-workload.ts";
import { ALL_COUNTS, type Durability, FEW_COUNTS, LOST_AT_NORMAL, PEERS_FOLDER, type System } from "./system.ts";

const QUEUE_WORKLOADS: readonly WorkloadId[] = ["w1-one", "w1-64", "w2", "w3-1", "w3-10", "w3-100"];
const WITH_RESULTS: readonly WorkloadId[] = [...QUEUE_WORKLOADS, "w4", "w4-defaults"];

const WORKFLOWS: readonly WorkloadId[] = [...WITH_RESULTS, "w4c", "w5-10", "w5-100"];

const ALL_KEPT: Durability = { afterKill: "all", afterPowerCut: "all" };

function peer(
  system: Omit<System, "driver" | "kind" | "variant" | "drainCounts"> & Partial<System> & { file: string },
): System {
  const { file, ...rest } = system;
  return {
    kind: "peer",
    variant: "",
    drainCounts: ALL_COUNTS,
    ...rest,
    driver: join(PEERS_FOLDER, "drivers", `${file}.ts`),
  };
}

const PROCEDURES: readonly WorkloadId[] = ["w4-http", "w7-1", "w7-32", "w7-128"];
/** What tRPC's and Hono's own adapters cost, and Node's HTTP, with nothing behind them. */
const bareServers = [
  { id: "trpc-standalone", title: "bare tRPC, standalone server", packageName: "@trpc/server", workloads: PROCEDURES },
  { id: "hono-trpc", title: "bare tRPC on Hono", packageName: "hono", workloads: PROCEDURES },
  { id: "hono-json", title: "bare JSON route on Hono", packageName: "hono", workloads: ["w7-rest"] },
  { id: "node-http", title: "bare JSON on node:http", packageName: null, workloads: ["w7-rest"] },
] as const;

export const peers: readonly System[] = [
  peer({
    id: "bullmq-everysec",
    title: "BullMQ, Redis everysec",
    file: "bullmq",
    service: "redis-everysec",
    packageName: "bullmq",
    durability: { afterKill: "all", afterPowerCut: "all but the last second" },
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
    durability: { afterKill: "all", afterPowerCut: LOST_AT_NORMAL },
    workloads: QUEUE_WORKLOADS,
    setUp:
      "synchronous=NORMAL, as it sets itself; as many workers as concurrency in one process, each polling every 10 ms (its README advises a process per core); raw text, no results",
  }),
  peer({
    id: "graphile-worker",
    title: "graphile-worker",
    file: "graphile-worker",
    service: "postgres",
    packageName: "graphile-worker",
    durability: ALL_KEPT,
    workloads: QUEUE_WORKLOADS,
    setUp:
      "localQueue.size 500, completeJobBatchDelay 0, as its performance page has it; a pool of ten, or two more than its jobs, at most 25; deletes finished jobs, keeps no results",
  }),
  peer({
    id: "pg-boss",
    title: "pg-boss",
    file: "pg-boss",
    service: "postgres",
    packageName: "pg-boss",
    durability: ALL_KEPT,
    workloads: QUEUE_WORKLOADS,
    setUp:
      "as many workers as concurrency, batchSize 100 with burstWhenBatchFull, each executing its batch one by one; without LISTEN/NOTIFY, which is for idle queues, it polls every 0.5 s; a pool of 25",
  }),
  peer({
    id: "dbos",
    title: "DBOS",
    file: "dbos",
    service: "postgres",
    packageName: "@dbos-inc/dbos-sdk",
    durability: ALL_KEPT,
    workloads: WORKFLOWS,
    drainCounts: FEW_COUNTS,
    setUp:
      "W1 to W3 and W5 by a queue with workerConcurrency, polled every 2 ms; W4 by startWorkflow in the process; no bulk call: 64 at a time; pools of 25",
  }),
  peer({
    id: "dbos-queue",
    title: "DBOS, by a queue",
    file: "dbos",
    variant: "queue",
    service: "postgres",
    packageName: "@dbos-inc/dbos-sdk",
    durability: ALL_KEPT,
    workloads: ["w4-defaults"],
    setUp: "as another application would start it: enqueued, and taken by a queue that is polled every second",
  }),
  peer({
    id: "openworkflow-postgres",
    title: "OpenWorkflow, PostgreSQL",
    file: "openworkflow",
    variant: "postgres",
    service: "postgres",
    packageName: "openworkflow",
    durability: ALL_KEPT,
    workloads: WORKFLOWS,
    drainCounts: FEW_COUNTS,
    setUp:
      "one worker; it has no option for its polling, so tuned and defaults are the same; no bulk call: 64 at a time",
  }),
  peer({
    id: "openworkflow-sqlite",
    title: "OpenWorkflow, SQLite",
    file: "openworkflow",
    variant: "sqlite",
    service: null,
    packageName: "openworkflow",
    durability: ALL_KEPT,
    workloads: WORKFLOWS,
    drainCounts: FEW_COUNTS,
    setUp: "as above, over node:sqlite, WAL at its default synchronous=FULL",
  }),
  peer({
    id: "liteque",
    title: "liteque",
    file: "liteque",
    service: null,
    packageName: "liteque",
    durability: { afterKill: "all", afterPowerCut: LOST_AT_NORMAL },
    workloads: ["w1-one", "w1-64", "w2"],
    setUp: "its WAL option, which sets synchronous=NORMAL; no bulk call: one after the other",
  }),
  peer({
    id: "restate",
    title: "Restate",
    file: "restate",
    service: "restate",
    packageName: "@restatedev/restate-sdk",
    durability: ALL_KEPT,
    workloads: ["w1-one", "w1-64", "w3-1", "w3-10", "w3-100", "w4", "w4-defaults", "w4c", "w5-10", "w5-100"],
    drainCounts: FEW_COUNTS,
    setUp:
      "one node, default profile, TypeScript SDK over HTTP/2; W1 sends with a delay, so that nothing is executed meanwhile; a drain at n is n callers in the service's process that await their results, so its time includes making the calls",
  }),
  ...bareServers.map(({ id, title, packageName, workloads }) =>
    peer({
      id,
      title,
      kind: "bare",
      file: "bare-servers",
      variant: id,
      service: null,
      packageName,
      durability: { afterKill: "it stores nothing", afterPowerCut: "it stores nothing" },
      workloads,
      setUp: "checks the input with zod and answers with an id",
    }),
  ),
];
