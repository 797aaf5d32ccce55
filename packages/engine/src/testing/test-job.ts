import { type AnyJob, BeckonClient, type InvokeOptions, invokeTrigger, type Job, type RunResult } from "@beckon/core";
import { bindJob, type InvokeArguments, NotFoundError } from "@beckon/core/runtime";
import { createEngine } from "../create-engine.ts";
import type { Engine } from "../engine.ts";
import { ChosenTasks } from "./chosen-tasks.ts";
import { createManualClock } from "./manual-clock.ts";
import { createMemoryStore } from "./memory-store.ts";
import { skipTime } from "./skip-time.ts";

/** Nobody else writes to the store of one test, so nobody can have died over it. */
const NEVER_MS = 1_000 * 365 * 86_400_000;

/** What a test decides about the world of the one job that it runs. */
export interface TestJobOptions {
  /**
   * Results of the job's tasks, by key: a chosen value is the task's result, an Error makes it fail, a function
   * takes the place of the task's own. An array is written as its JSON, a task inside a task as `outer/inner`.
   */
  readonly tasks?: Readonly<Record<string, unknown>> | undefined;
  /** Other jobs that it invokes, to be run for real. */
  readonly jobs?: readonly AnyJob[] | undefined;
  /** Outputs of other jobs that it invokes, by job id; with an Error the run of that job fails. */
  readonly children?: Readonly<Record<string, unknown>> | undefined;
  /** Signals that were sent before it began. */
  readonly signals?: readonly { readonly name: string; readonly id?: string; readonly payload?: unknown }[] | undefined;
  /** What the clock says at the beginning. Default 2026-01-01T00:00:00Z. */
  readonly now?: Date | undefined;
  /** How it is invoked: context, account, tags and the rest. */
  readonly invoke?: InvokeOptions | undefined;
}

/**
 * Runs one job in this process, in a world of its own: in memory, with a clock that skips whatever the job
 * waits for. Resolves with its result as callers get it.
 *
 * @example
 * const result = await testJob(greet, { name: "Ada" }, { tasks: { "look up": "Countess Lovelace" } });
 * expect(result).toMatchObject({ ok: true, output: "Hello, Countess Lovelace" });
 *
 * @throws Error when a chosen result was not asked for, or when the job waits for what never comes in this test
 * @throws InvalidPayloadError
 */
export async function testJob<Input, Payload, Output, Err>(
  job: Job<Input, Payload, Output, Err>,
  ...[payload, options = {}]: InvokeArguments<Input, TestJobOptions>
): Promise<RunResult<Output, Err>> {
  const chosen = new ChosenTasks(job.id, options.tasks ?? {});
  await using world = await openWorld(job, options, chosen);
  const { engine, isOver } = world;
  const [runId = ""] = await engine.invoke({
    jobId: job.id,
    items: [{ payload, options: options.invoke ?? {} }],
    isBatch: false,
  });
  if (!(await isOver(runId))) {
    const { summary } = await engine.explain(runId);
    throw new Error(`Job "${job.id}" waits for what does not come in this test. ${summary}`);
  }
  const result = await bindJob(job, engine.transport).run(runId).result();
  await chosen.expectUsed(engine, result);
  return result;
}

interface World extends AsyncDisposable {
  readonly engine: Engine;
  /** Skips time until the run has ended; false: it never will. */
  readonly isOver: (runId: string) => Promise<boolean>;
}

async function openWorld(job: AnyJob, options: TestJobOptions, chosen: ChosenTasks): Promise<World> {
  const clock = createManualClock(options.now?.getTime());
  const store = createMemoryStore();
  const stubs = Object.entries(options.children ?? {}).map(([id, outcome]) => toStub(id, outcome));
  const engine: Engine = createEngine({
    store,
    clock,
    jobs: [job, ...(options.jobs ?? []), ...stubs],
    replaceTask: chosen.replaceTask,
    callChild: async (request) => {
      if (engine.jobs.has(request.jobId)) return engine.invoke(request);
      throw new NotFoundError(
        `Job "${job.id}" invokes job "${request.jobId}", which this test does not know: ` +
          "give testJob the job itself in `jobs`, or its output in `children`.",
      );
    },
    recoveryMs: NEVER_MS,
    retentionMs: null,
  });
  for (const signal of options.signals ?? []) await engine.sendSignal(signal);
  await engine.start();
  return {
    engine,
    isOver: (runId) => skipTime(runId, { store, clock }),
    [Symbol.asyncDispose]: async () => {
      await engine.stop({ timeoutMs: 0 });
      await store.close();
    },
  };
}

/** A job that does nothing but end as the test chose. It takes any payload: the real one's schema is not known here. */
function toStub(id: string, outcome: unknown): AnyJob {
  return new BeckonClient({ id: "stubs" }).defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  });
}
