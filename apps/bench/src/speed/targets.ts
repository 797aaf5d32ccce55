import {
  ALONE_PROFILE,
  ALWAYS_PROFILE,
  CHILD_PROFILE,
  DRAIN_PROFILE,
  HISTORY_PROFILE,
  HTTP_PROFILE,
  LIMITED_PROFILE,
  REST_PROFILE,
  ROUND_TRIP_PROFILE,
  START_PROFILE,
  STEPS_PROFILE,
} from "./shortfalls.ts";
import type { WorkloadId } from "./workloads/measure-workload.ts";

/** What Beckon is to reach in one workload, against another system in the same run. */
export interface Target {
  readonly ours: string;
  readonly workload: WorkloadId;
  readonly figure:
    | "jobs/s"
    | "steps/s"
    | "p50 ms"
    | "requests/s"
    | "first run ms"
    | "idle MiB"
    | "install MiB"
    | "packages";
  /** Ids; of several, the best counts. Empty: the bound is of the figure itself. */
  readonly against: readonly string[];
  /** The other's workload, where it is not the same. */
  readonly theirWorkload?: WorkloadId;
  /** One of the two. */
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly title: string;
  /** Where it was missed on some machine: what its profile says, and what it would take. */
  readonly shortfall?: string;
}

const DURABLE_STEPS = ["dbos", "openworkflow-postgres", "openworkflow-sqlite", "restate"];

const FIGURES = { rates: "jobs/s", steps: "steps/s", times: "p50 ms", requests: "requests/s" } as const;

/** One line of the table: workload, other systems, bound, title. */
function target(
  kind: keyof typeof FIGURES,
  line: Omit<Target, "figure" | "ours"> & { readonly ours?: string },
): Target {
  return { ours: "beckon", figure: FIGURES[kind], ...line };
}

export const targets: readonly Target[] = [
  target("rates", {
    workload: "w1-one",
    against: ["limit-commit-full"],
    atLeast: 0.7,
    title: "W1 one caller / LIMIT per commit FULL",
    shortfall: ALONE_PROFILE,
  }),
  target("rates", {
    workload: "w1-one",
    against: ["bullmq-always"],
    atLeast: 1.8,
    title: "W1 one caller / BullMQ always",
    shortfall: ALWAYS_PROFILE,
  }),
  target("rates", {
    workload: "w1-64",
    against: ["limit-group-full"],
    atLeast: 0.3,
    title: "W1 64 callers / LIMIT group FULL",
  }),
  target("rates", {
    workload: "w1-64",
    against: ["bullmq-everysec"],
    atLeast: 1,
    title: "W1 64 callers / BullMQ everysec",
  }),
  target("rates", { workload: "w2", against: ["limit-group-full"], atLeast: 0.35, title: "W2 bulk / LIMIT FULL" }),
  target("rates", { workload: "w2", against: ["graphile-worker"], atLeast: 1.8, title: "W2 bulk / graphile-worker" }),
  target("rates", { workload: "w3-1", against: ["limit-fused-full"], atLeast: 0.7, title: "W3 @1 / LIMIT fused FULL" }),
  target("rates", { workload: "w3-1", against: ["bullmq-everysec"], atLeast: 1, title: "W3 @1 / BullMQ everysec" }),
  target("rates", {
    workload: "w3-10",
    against: ["graphile-worker"],
    atLeast: 1,
    title: "W3 @10 / graphile-worker",
    shortfall: DRAIN_PROFILE,
  }),
  target("rates", {
    ours: "beckon-limited",
    workload: "w3-10",
    against: ["limit-fused-full"],
    atLeast: 0.5,
    title: "W3 @10 with a limit of 10 / LIMIT fused FULL",
    shortfall: LIMITED_PROFILE,
  }),
  target("rates", {
    workload: "w3-100",
    against: ["graphile-worker"],
    atLeast: 1.3,
    title: "W3 @100 / graphile-worker",
    shortfall: DRAIN_PROFILE,
  }),
  target("rates", {
    workload: "w3-100",
    against: ["bullmq-everysec"],
    atLeast: 2.5,
    title: "W3 @100 / BullMQ everysec",
  }),
  target("times", {
    workload: "w4",
    against: ["limit-commit-full"],
    atMost: 0.9,
    title: "W4 in-process p50 / LIMIT per commit FULL",
    shortfall: ROUND_TRIP_PROFILE,
  }),
  target("times", {
    workload: "w4-defaults",
    theirWorkload: "w4",
    against: ["beckon"],
    atMost: 1.2,
    title: "W4 at defaults p50 / tuned",
  }),
  target("times", {
    workload: "w4c",
    against: [],
    atMost: 2,
    title: "W4c a job awaits a child, p50 ms",
    shortfall: CHILD_PROFILE,
  }),
  target("steps", {
    workload: "w5-10",
    against: ["limit-fused-full"],
    atLeast: 0.5,
    title: "W5 @10 / LIMIT fused FULL",
  }),
  target("steps", { workload: "w5-10", against: DURABLE_STEPS, atLeast: 10, title: "W5 @10 / best peer" }),
  target("steps", {
    workload: "w5-100",
    against: DURABLE_STEPS,
    atLeast: 20,
    title: "W5 @100 / best peer",
    shortfall: STEPS_PROFILE,
  }),
  target("rates", {
    ours: "beckon-normal",
    workload: "w1-one",
    against: ["limit-commit-normal"],
    atLeast: 0.4,
    title: 'W1 one caller, "normal" / LIMIT per commit NORMAL',
  }),
  target("times", {
    workload: "w4-http",
    against: [],
    atMost: 1.5,
    title: "W4 over HTTP p50 ms",
    shortfall: HTTP_PROFILE,
  }),
  target("rates", {
    workload: "w6-one",
    theirWorkload: "w1-one",
    against: ["beckon"],
    atLeast: 0.9,
    title: "W6 one caller / the same on an empty file",
    shortfall: HISTORY_PROFILE,
  }),
  target("rates", {
    workload: "w6-64",
    theirWorkload: "w1-64",
    against: ["beckon"],
    atLeast: 0.9,
    title: "W6 64 callers / the same on an empty file",
    shortfall: HISTORY_PROFILE,
  }),
  target("rates", {
    workload: "w6-10",
    theirWorkload: "w3-10",
    against: ["beckon"],
    atLeast: 0.9,
    title: "W6 drain @10 / the same on an empty file",
  }),
  target("requests", {
    workload: "w7-32",
    against: ["trpc-standalone"],
    atLeast: 1,
    title: "W7 procedure, 32 connections / bare tRPC standalone",
  }),
  target("requests", {
    workload: "w7-32",
    against: ["hono-trpc"],
    atLeast: 0.8,
    title: "W7 procedure, 32 connections / bare tRPC on Hono",
  }),
  target("requests", {
    workload: "w7-rest",
    against: ["hono-json"],
    atLeast: 0.35,
    title: "W7 REST, 32 connections / bare JSON on Hono",
    shortfall: REST_PROFILE,
  }),
  {
    ours: "beckon",
    workload: "w8",
    figure: "first run ms",
    against: [],
    atMost: 300,
    title: "W8 start to first run, ms",
    shortfall: START_PROFILE,
  },
  { ours: "beckon", workload: "w8", figure: "idle MiB", against: [], atMost: 100, title: "W8 resident idle, MiB" },
  { ours: "beckon", workload: "w8", figure: "install MiB", against: [], atMost: 45, title: "W8 install, MiB" },
  { ours: "beckon", workload: "w8", figure: "packages", against: [], atMost: 25, title: "W8 packages" },
];
