import type { AnyJob, InvokeOptions, RunResult } from "@beckon/core";
import { type BeckonError, NotFoundError } from "@beckon/core/runtime";
import { createEngine } from "../create-engine.ts";
import type { Engine, EngineInvokeRequest } from "../engine.ts";
import { ChosenChildren } from "./chosen-children.ts";
import { ChosenDeliveries } from "./chosen-deliveries.ts";
import { ChosenTasks } from "./chosen-tasks.ts";
import { Deadlines } from "./deadlines.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import { createMemoryStore } from "./memory-store.ts";
import { toStepName } from "./named-choices.ts";
import { readLiveRuns, skipTime } from "./skip-time.ts";
import type { TestJobOptions } from "./test-job-options.ts";
import { WatchedHooks } from "./watched-hooks.ts";

/** Nobody else writes to the store of one test, so nobody can have died over it. */
const NEVER_MS = 1_000 * 365 * 86_400_000;

/** How many names a sentence lists. */
const MOST_NAMED = 30;

/** The world of one job that is tested: an engine over memory, and everything that the test has prepared. */
export class TestWorld implements AsyncDisposable {
  readonly engine: Engine;
  readonly #jobId: string;
  readonly #store = createMemoryStore();
  readonly #clock: ManualClock;
  readonly #deadlines: Deadlines;
  readonly #tasks: ChosenTasks;
  readonly #children: ChosenChildren;
  readonly #deliveries: ChosenDeliveries;
  readonly #hooks = new WatchedHooks();
  /** The first call of a job that is not there. The run sees it, too, but may catch it, or fail as the test expects it to. */
  #unknown: NotFoundError | undefined;

  /** @throws DefinitionError @throws InvalidOptionError */
  constructor(job: AnyJob, options: TestJobOptions) {
    this.#jobId = job.id;
    this.#clock = createManualClock(options.now?.getTime());
    this.#deadlines = new Deadlines(this.#clock);
    this.#tasks = new ChosenTasks(job.id, options.tasks);
    this.#children = new ChosenChildren(job.id, options.children);
    this.#deliveries = new ChosenDeliveries(options, this.#store);
    const others = new Set(options.jobs);
    others.delete(job);
    this.engine = createEngine({
      store: this.#store,
      clock: this.#deadlines.clock,
      jobs: [
        this.#hooks.watch(job, options.hooks),
        ...this.#children.join([...others]).map((other) => this.#hooks.watch(other)),
      ],
      replaceTask: this.#tasks.replaceTask,
      callChild: (request) => this.#callChild(request),
      recoveryMs: NEVER_MS,
      retentionMs: null,
    });
  }

  /** Makes the run, and lets it go once all signals lie there. Resolves with its id. @throws InvalidPayloadError */
  async begin(payload: unknown, options: InvokeOptions): Promise<string> {
    const request = { jobId: this.#jobId, items: [{ payload, options }], isBatch: false };
    const [runId = ""] = await this.engine.invoke(request);
    await this.#deliveries.sendSignals(runId, this.engine);
    await this.engine.start();
    return runId;
  }

  /** Skips time until the run has ended; false: it never will. */
  isOver(runId: string): Promise<boolean> {
    return skipTime(runId, {
      store: this.#store,
      clock: this.#clock,
      deadlines: this.#deadlines,
      answer: (step) => this.#deliveries.answer(step, this.engine),
      untilHooksRest: () => this.#hooks.untilRest(),
    });
  }

  /** Resolves when the hooks of ended runs were called. @throws Error when one fails */
  untilTold(): Promise<void> {
    return this.#hooks.untilTold({ store: this.#store, clock: this.#clock });
  }

  /** What the run waits for, what the runs that it made wait for, and what the test prepared that nobody took. */
  async explainStall(runId: string): Promise<string> {
    const { summary } = await this.engine.explain(runId);
    const others = (await readLiveRuns(this.#store)).filter(({ id }) => id !== runId).slice(0, MOST_NAMED);
    const sentences = others.map(async ({ id, jobId }) => {
      const { summary: why } = await this.engine.explain(id);
      return `Run ${id} of job "${jobId}": ${why}`;
    });
    const unused = this.#unused();
    return [
      `Job "${this.#jobId}" waits for what does not come in this test.`,
      summary,
      ...(await Promise.all(sentences)),
      ...(unused.length === 0 ? [] : [`Prepared here, and not asked for: ${toList(unused)}.`]),
    ].join(" ");
  }

  /** @throws NotFoundError for a job that was invoked and that the test has neither given nor chosen */
  expectKnown(): void {
    if (this.#unknown !== undefined) throw this.#unknown;
  }

  /** An answer that nothing asked for was meant for something that has gone another way than the test believes. @throws Error */
  async expectUsed(result: RunResult<unknown, unknown>): Promise<void> {
    const unused = this.#unused();
    if (unused.length === 0) return;
    const steps = await this.engine.readOutline(result.id);
    const ran = steps.filter(({ kind }) => kind === "task").map(({ id }) => toStepName(id));
    const reason = result.ok ? "" : `: ${(result.error as BeckonError).message}`;
    throw new Error(
      [
        `Nothing in job "${this.#jobId}" asked for what this test prepared: ${toList(unused)}.`,
        ...(this.#tasks.unused().length === 0 ? [] : [`Tasks that ran: ${toList(ran)}.`]),
        ...(this.#children.unused().length === 0 ? [] : [`Jobs that were invoked: ${toList(this.#children.invoked)}.`]),
        ...(this.#deliveries.inVain.length === 0 ? [] : [`Waited for in vain: ${toList(this.#deliveries.inVain)}.`]),
        `The run ended with ${result.status}${reason}`.replace(/[.]?$/, "."),
        'Write the names as they are asked for, leave out the others, or allow them with unused: "allow".',
      ].join(" "),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.engine.stop({ timeoutMs: 0 });
    await this.#store.close();
  }

  #unused(): readonly string[] {
    return [...this.#tasks.unused(), ...this.#children.unused(), ...this.#deliveries.unused()];
  }

  async #callChild(request: EngineInvokeRequest): Promise<readonly string[]> {
    this.#children.noteCall(request.jobId);
    if (this.engine.jobs.has(request.jobId)) return this.engine.invoke(request);
    this.#unknown ??= new NotFoundError(
      `Job "${request.parent?.jobId ?? this.#jobId}" invokes job "${request.jobId}", which this test does not know: ` +
        "give testJob the job itself in `jobs`, or its output in `children`.",
    );
    throw this.#unknown;
  }
}

function toList(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length - MOST_NAMED;
  return more <= 0 ? names.join(", ") : `${names.slice(0, MOST_NAMED).join(", ")} and ${more} more`;
}
