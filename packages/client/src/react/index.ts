"use client";

export type { LogEvent, RunProgress } from "./run-progress.ts";
export { useInvoke } from "./use-invoke.ts";
export { useRun, type WatchedRun } from "./use-run.ts";
