import type { WorkloadId } from "./measure-workload.ts";

/** Each workload's heading and what it does. */
export const WORKLOAD_TITLES: Readonly<Record<WorkloadId, readonly [title: string, lead: string]>> = {
  "w1-one": ["W1: enqueue, one caller", "One caller enqueues job after job and awaits each acknowledgement."],
  "w1-64": ["W1: enqueue, 64 concurrent callers", "The same by 64 callers in one process."],
  w2: ["W2: enqueue 10,000 in bulk", "Lists of 1,000, each awaited."],
  "w3-1": ["W3: drain, concurrency 1", "No-op jobs that lie ready, 10,000 of them, are executed."],
  "w3-10": ["W3: drain, concurrency 10", "The same, ten at once."],
  "w3-100": ["W3: drain, concurrency 100", "The same, a hundred at once."],
  w4: ["W4: invoke and wait for the result", "One caller in the same process, on an idle system."],
  "w4-defaults": [
    "W4, every system at its defaults",
    "The same, each as its first page sets it up. DBOS also by a queue, as another application would start it.",
  ],
  "w4-http": [
    "W4 over HTTP",
    "invokeAndWait by the typed client, which shares the server's process: one request. Of a bare server: one call by tRPC's client.",
  ],
  w4c: [
    "W4c: a job awaits a child job",
    "A job is invoked, invokes another, awaits its result, and its own result is awaited.",
  ],
  "w5-10": [
    "W5: 500 runs of ten memoised steps, concurrency 10",
    "A step counts once its run is finished in the store.",
  ],
  "w5-100": ["W5: the same, concurrency 100", "A hundred runs at once."],
  "w6-one": ["W6: enqueue with 1,000,000 finished runs in the file, one caller", "As W1."],
  "w6-64": ["W6: enqueue with 1,000,000 finished runs in the file, 64 callers", "As W1."],
  "w6-10": ["W6: drain with 1,000,000 finished runs in the file, concurrency 10", "As W3."],
  "w7-1": [
    "W7: a procedure over HTTP, 1 connection",
    "Requests come from another process. The bare servers check the input and store nothing. Beckon answers an unbatched call without tRPC's adapter for HTTP, in which the bare servers spend most of their time.",
  ],
  "w7-32": ["W7: a procedure over HTTP, 32 connections", "The same."],
  "w7-128": ["W7: a procedure over HTTP, 128 connections", "The same."],
  "w7-rest": ["W7: a plain JSON route over HTTP, 32 connections", "The same without tRPC."],
  w8: [
    "W8: footprint",
    "From the start of a process to its first finished run, resident memory a second later and after three seconds of 64 callers that await results; what installing `@beckon/server` brings.",
  ],
};
