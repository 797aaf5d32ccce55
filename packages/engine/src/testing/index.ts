/** What tests of jobs, engines and stores are built from. */
export { createManualClock, type ManualClock } from "./manual-clock.ts";
export { createMemoryStore, type MemoryStore } from "./memory-store.ts";
export { startTestEngine, type TestEngine } from "./test-engine.ts";
export { testJob, type TestJobOptions } from "./test-job.ts";
