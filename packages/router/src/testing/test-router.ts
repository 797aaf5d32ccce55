import { startTestEngine, type TestEngine } from "@beckon/engine/testing";
import { collectJobs } from "../collect-jobs.ts";
import { createJobRouter } from "../create-job-router.ts";
import type { JobRouter } from "../job-router.ts";

export interface TestRouter<Jobs> extends TestEngine {
  readonly caller: ReturnType<JobRouter<Jobs>["createCaller"]>;
}

/** A router of a test's own, over an engine that is started and a clock that the test moves. */
export async function startTestRouter<Jobs extends object>(jobs: Jobs): Promise<TestRouter<Jobs>> {
  const world = await startTestEngine([...new Set(collectJobs(jobs).values())]);
  return { ...world, caller: createJobRouter(jobs, { engine: world.engine }).createCaller({}) };
}
