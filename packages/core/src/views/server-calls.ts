import type { RunExplanation } from "../run-explanation.ts";
import type { ActivitySpan, ActivityView, FailuresView, QueuesView } from "./activity-views.ts";
import type { CatalogDetail, CatalogEntry } from "./job-views.ts";
import type { LogView, RunListQuery, RunPage, RunView, SignalOutcome, StepOutline, TaskView } from "./run-views.ts";

/*
 * What a server offers beside its jobs, as its callers have it. Written down here and not read off the router, so that whoever
 * calls needs neither that nor the engine to have the types. The router's tests hold the two together.
 */

/** Whatever has an id, by it: a run, or a job. */
export interface ById {
  readonly id: string;
}

export interface ReplayInput extends ById {
  /** Another payload; one that is `undefined` is given, too. */
  readonly payload?: unknown;
}

export interface TasksInput extends ById {
  /** Up to 1,000; all, where none are named. */
  readonly taskIds?: readonly string[] | undefined;
}

export interface LogsInput extends ById {
  /** The `seq` of the last message that is known. */
  readonly after?: number | undefined;
  /** 1 to 1,000, which is the default. */
  readonly limit?: number | undefined;
}

export interface SignalInput {
  readonly name: string;
  readonly id?: string | undefined;
  readonly payload?: unknown;
}

export interface SpanInput {
  readonly span: ActivitySpan;
}

/**
 * `beckon.runs`: the runs of all jobs. What one run tells and gives, its handle does. Each rejects with NotFoundError where there is
 * no such run, and with NotAllowedError where the caller may not.
 *
 * @example
 * const { runs } = await beckon.runs.list({ status: "FAILURE", limit: 100 });
 * for (const { id } of runs) await beckon.runs.retry({ id });
 */
export interface RunCalls {
  get(input: ById): Promise<RunView>;
  /** Newest first. */
  list(input?: RunListQuery): Promise<RunPage>;
  /** Ends the run, and those that it made. @throws RunStateError where it has ended */
  cancel(input: ById): Promise<ById>;
  /** Makes a new run with the same payload, or the given one; answers with its id. */
  replay(input: ReplayInput): Promise<ById>;
  /** Opens the same failed run again. @throws RunStateError where it has not failed */
  retry(input: ById): Promise<ById>;
  /** Why it has not ended. */
  explain(input: ById): Promise<RunExplanation>;
  /** The steps; of a run with thousands, ask for those that are looked at. */
  tasks(input: TasksInput): Promise<readonly TaskView[]>;
  /** All steps without what they hold. */
  outline(input: ById): Promise<readonly StepOutline[]>;
  logs(input: LogsInput): Promise<readonly LogView[]>;
  /** Wakes the run that waits for the signal, or keeps it until one does. */
  sendSignal(input: SignalInput): Promise<{ readonly outcome: SignalOutcome }>;
}

/** `beckon.catalog`: the definitions of all jobs, and how they fare. */
export interface CatalogCalls {
  list(): Promise<readonly CatalogEntry[]>;
  get(input: ById): Promise<CatalogDetail>;
  /** None of the job's runs starts until `resume`; those executing go on. */
  pause(input: ById): Promise<ById>;
  resume(input: ById): Promise<ById>;
  /** What ended in the last hour or day. */
  activity(input: SpanInput): Promise<ActivityView>;
  /** The newest failures, grouped by what their errors say. */
  failures(input: SpanInput): Promise<FailuresView>;
  /** How full the queues and the limits are. */
  queues(): Promise<QueuesView>;
}
