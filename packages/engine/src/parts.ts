import type { AnyJob } from "@beckon/core";
import type { EnvironmentType, IO, Task, Transport } from "@beckon/core/runtime";
import type { Clock } from "./clock.ts";
import type { EngineInvokeRequest } from "./engine.ts";
import type { Randomness } from "./randomness.ts";
import type { CreateRunsOutcome, CreateRunsRequest } from "./store/births.ts";
import type { NewRun } from "./store/records.ts";
import type { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import type { Store } from "./store/store.ts";

/** The function to run in the place of a task's own; undefined: its own. */
export type ReplaceTask = (task: {
  readonly jobId: string;
  readonly taskId: string;
}) => ((task: Task, io: IO) => unknown) | undefined;

/** Makes runs of which the worker takes some at once, as far as the claim says. */
export type CreateRuns = (claim: CreateRunsRequest["claim"]) => Promise<CreateRunsOutcome>;

/** What the rooms of the engine share: the floor, time and chance, and the way out. */
export interface EngineParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly workerId: string;
  readonly transport: Transport;
  readonly environment: { readonly slug: string; readonly type: EnvironmentType };
  /** Where `io.waitForRequest` is POSTed to: this, and the token. */
  readonly requestUrl: (token: string) => string;
  /** Takes a job's call inside a run on its way: through the router where there is one. */
  readonly callChild: (request: EngineInvokeRequest) => Promise<readonly string[]>;
  /** Puts another function in the place of a task's own, where a test has chosen one. */
  readonly replaceTask: ReplaceTask | undefined;
  readonly mintRunId: (now: number) => string;
  /** Makes runs through `create`, for which the worker's free slots are kept, or else it looks for them. */
  readonly bear: (runs: readonly NewRun[], create: CreateRuns) => Promise<CreateRunsOutcome>;
  /** Something that becomes due at this instant is being written. */
  readonly onDueAt: (at: number) => void;
  /** The store could not take what was asked for from outside, which has about so many characters. */
  readonly onRefused: (error: StoreUnavailableError, length: number) => void;
}
