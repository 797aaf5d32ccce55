/** What tests of jobs, engines and stores are built from. */
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createMemoryStore, type MemoryStore } from "./memory-store.ts";
export { startTestEngine, type TestEngine } from "./test-engine.ts";
export { testJob } from "./test-job.ts";
export type { TestJobOptions } from "./test-job-options.ts";
