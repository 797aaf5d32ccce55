import type { Job, RunResult } from "@beckon/core";
import { bindJob, type InvokeArguments } from "@beckon/core/runtime";
import { checkTestJobOptions, type TestJobOptions } from "./test-job-options.ts";
import { TestWorld } from "./test-world.ts";

/**
 * Runs one job in this process, in a world of its own: in memory, with a clock that skips whatever the job
 * waits for. Resolves with its result as callers get it, once its hooks were called.
 *
 * @example
 * const result = await testJob(greet, { name: "Ada" }, { tasks: { "look up": "Countess Lovelace" } });
 * expect(result).toMatchObject({ ok: true, output: "Hello, Countess Lovelace" });
 *
 * @throws Error when something that the test prepared was not asked for, when a hook fails, or when the job waits for
 * what never comes in this test
 * @throws NotFoundError when a job was invoked that the test does not know
 * @throws InvalidPayloadError
 * @throws InvalidOptionError
 */
export async function testJob<Input, Payload, Output, Err>(
  job: Job<Input, Payload, Output, Err>,
  ...[payload, options = {}]: InvokeArguments<Input, TestJobOptions>
): Promise<RunResult<Output, Err>> {
  checkTestJobOptions(options);
  const world = new TestWorld(job, options);
  try {
    const runId = await world.begin(payload, options.invoke ?? {});
    if (!(await world.isOver(runId))) throw new Error(await world.explainStall(runId));
    const result = await bindJob(job, world.engine.transport).run(runId).result();
    await world.untilTold();
    world.expectKnown();
    if (options.unused !== "allow") await world.expectUsed(result);
    return result;
  } finally {
    await world[Symbol.asyncDispose]();
  }
}
