import type { AnyJob } from "@beckon/core";
import type {
  InvokeRequest,
  JobView,
  LogView,
  RunEvent,
  RunExplanation,
  RunListQuery,
  RunPage,
  RunResult,
  RunView,
  SignalOutcome,
  StepOutline,
  TaskView,
  Transport,
} from "@beckon/core/runtime";
import type { Activity, JobIds } from "./activity/activity.ts";
import type { Claim, TaskRecord } from "./store/records.ts";

/** The step of the run that makes this call: the child's row and the step are written in one transaction. */
export interface ParentStep {
  readonly claim: Claim;
  readonly jobId: string;
  readonly steps: readonly TaskRecord[];
  readonly isTest: boolean;
}

export interface EngineInvokeRequest extends InvokeRequest {
  /** Minted by a client, so that its retry of a lost request makes no second run; kept 24 h. With another payload it is refused. */
  readonly requestId?: string | undefined;
  readonly parent?: ParentStep | undefined;
}

/**
 * What happens to runs. Every door calls this: the router, REST, in-process handles, other jobs. Methods
 * about one run reject with NotFoundError when there is none of that id.
 */
export interface Engine extends Activity {
  /** The jobs it runs, by id. */
  readonly jobs: ReadonlyMap<string, AnyJob>;
  /** The in-process way to this engine, for `connectJob` and `bindJob`. */
  readonly transport: Transport;
  /** The only way a run is born; ids in the order of the items, once they are on disk. Rejects with OperationErrors. */
  invoke(request: EngineInvokeRequest): Promise<readonly string[]>;
  /**
   * How the run ended, or null when it had not after `timeoutMs` (0: now) or when `signal` aborted. Where a job is named, a run
   * of another one is not found, whether it has ended or not.
   */
  result(request: {
    readonly runId: string;
    readonly jobId?: string | undefined;
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<RunResult<unknown, unknown> | null>;
  /** Every event after `after`, in order, until the run has ended or `signal` aborts. */
  events(request: {
    readonly runId: string;
    readonly after?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): AsyncIterable<RunEvent>;
  /** @throws RunStateError when it is finished. */
  cancel(runId: string): Promise<void>;
  /** Makes a new run with the same payload (or the one given), context and account; resolves with its id. */
  replay(request: { readonly runId: string; readonly payload?: unknown }): Promise<string>;
  /** Opens the same failed run again. @throws RunStateError when it did not fail, or its idempotency key was taken meanwhile. */
  retry(runId: string): Promise<void>;
  explain(runId: string): Promise<RunExplanation>;
  /** Where jobs are named, a run of another one is not found. */
  readRun(runId: string, of?: JobIds): Promise<RunView>;
  /** Where jobs are named, of these alone. */
  listRuns(query: RunListQuery, of?: JobIds): Promise<RunPage>;
  /** All steps, or those of the given ids. */
  readTasks(runId: string, taskIds?: readonly string[]): Promise<readonly TaskView[]>;
  /** All steps without what they hold: cheap also when they are thousands. */
  readOutline(runId: string): Promise<readonly StepOutline[]>;
  readLogs(request: {
    readonly runId: string;
    readonly after?: number | undefined;
    readonly limit?: number | undefined;
  }): Promise<readonly LogView[]>;
  listJobs(): Promise<readonly JobView[]>;
  /** @throws NotFoundError */
  setJobPaused(request: { readonly jobId: string; readonly isPaused: boolean }): Promise<void>;
  sendSignal(request: {
    readonly name: string;
    readonly id?: string | undefined;
    readonly payload?: unknown;
  }): Promise<SignalOutcome>;
  /** For whoever would first have to read a body: that an `io.waitForRequest` waits for it. @throws NotFoundError */
  checkRequest(request: { readonly token: string }): Promise<void>;
  /** Resolves the `io.waitForRequest` that handed out this token. @throws NotFoundError */
  completeRequest(request: { readonly token: string; readonly body: unknown }): Promise<void>;
  /** Begins to execute runs. */
  start(): Promise<void>;
  /**
   * Claims nothing more, lets running steps finish, and gives back what is still running after `timeoutMs`
   * (those functions see `ctx.signal` abort with `shutdown`). Waits stay durable. The store stays open.
   */
  stop(options?: { readonly timeoutMs?: number | undefined }): Promise<void>;
  /** Whether work is possible now; `problem` is a sentence for people. */
  health(): {
    readonly isReady: boolean;
    readonly isDraining: boolean;
    readonly problem: string | null;
    readonly executing: number;
  };
}
