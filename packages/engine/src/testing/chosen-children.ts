import { type AnyJob, BeckonClient, invokeTrigger } from "@beckon/core";
import { InvalidOptionError, type IO, type JobDefinition, type RunContext } from "@beckon/core/runtime";

/** What a test puts in the place of a child's `run`. */
export type ChosenRun = (
  // oxlint-disable-next-line typescript/no-explicit-any -- which job it stands for is known by its id alone.
  payload: any,
  io: IO,
  // oxlint-disable-next-line typescript/no-explicit-any -- see above.
  ctx: Omit<RunContext, "errors"> & { readonly errors: any },
) => unknown;

/** How a test lets the runs of other jobs end, and which of these jobs were invoked. */
export class ChosenChildren {
  readonly #outcomes: ReadonlyMap<string, unknown>;
  readonly #invoked = new Set<string>();

  /** @throws InvalidOptionError for the job that is tested: that one runs for real. */
  constructor(testedId: string, outcomes: Readonly<Record<string, unknown>> = {}) {
    this.#outcomes = new Map(Object.entries(outcomes));
    if (!this.#outcomes.has(testedId)) return;
    throw new InvalidOptionError("children", `job "${testedId}" is the one that is tested, so it runs for real`);
  }

  /** The given jobs, each chosen one without its work, and the chosen ones that are known by their id alone. */
  join(jobs: readonly AnyJob[]): readonly AnyJob[] {
    const given = new Set(jobs.map(({ id }) => id));
    const stubs = [...this.#outcomes.keys()].filter((id) => !given.has(id)).map(defineStub);
    return [...jobs, ...stubs].map((job) => (this.#outcomes.has(job.id) ? this.#endAsChosen(job) : job));
  }

  noteCall(jobId: string): void {
    this.#invoked.add(jobId);
  }

  get invoked(): readonly string[] {
    return [...this.#invoked];
  }

  unused(): readonly string[] {
    return [...this.#outcomes.keys()].filter((id) => !this.#invoked.has(id)).map((id) => `output of job "${id}"`);
  }

  /** What callers rely on stays: its schema and its declared errors. */
  #endAsChosen(job: AnyJob): AnyJob {
    const outcome = this.#outcomes.get(job.id);
    const run: JobDefinition["run"] = (payload, io, ctx) => {
      if (outcome instanceof Error) throw outcome;
      return typeof outcome === "function" ? (outcome(payload, io, ctx) as unknown) : outcome;
    };
    const definition = { ...job.definition, run, retry: null, onSuccess: undefined, onFailure: undefined };
    return { ...job, definition };
  }
}

/** It takes any payload: the real one's schema is not known here. */
function defineStub(id: string): AnyJob {
  return new BeckonClient({ id: "stubs" }).defineJob({
    id,
    name: id,
    version: "1.0.0",
    trigger: invokeTrigger(),
    run: () => undefined,
  });
}
