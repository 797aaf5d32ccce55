/*
 * What the benchmark asks of a system under measurement. A driver implements what its system has, and the system is
 * listed for the workloads that need no more; what is left out the report says.
 */

/** `noop`: nothing to do. `steps`: ten memoised steps. `parent`: awaits a `noop` from inside. */
export type JobKind = "noop" | "steps" | "parent";

/** Steps in a run of the kind `steps`. */
export const STEPS = 10;
/** Items in one bulk call, for every system whose call takes a list. */
export const BULK = 1_000;

export interface DriverContext {
  /** An empty folder of this measurement's own. */
  readonly folder: string;
  /** Which form of the system: a durability, or a way of committing. */
  readonly variant: string;
  /** Where the service behind the system listens; empty for one that needs none. */
  readonly service: string;
  /** `defaults`: as the system's own first page sets it up. `tuned`: its best documented configuration. */
  readonly tuning: "tuned" | "defaults";
  /** A database file with a history in it, to be worked on; null: begin with an empty one. */
  readonly history: string | null;
}

/** How requests come in: a tRPC mutation, or a plain route. */
export type Door = "procedure" | "rest";

/** What a request to a door looks like. */
export interface HttpTarget {
  readonly port: number;
  readonly path: string;
  readonly body: string;
}

export interface WorkerRequest {
  readonly concurrency: number;
  /** To be called by every job as it begins. */
  readonly onBegin: () => void;
}

export interface Driver {
  /** One `noop`; resolves once it is acknowledged at the stated durability. */
  readonly enqueue?: (n: number) => Promise<unknown>;
  /** Many jobs by the bulk call of the system, in lists of `BULK` where it takes lists. */
  readonly enqueueMany?: (kind: JobKind, count: number) => Promise<unknown>;
  /** Begins to execute; resolves with what ends it. */
  readonly startWorker?: (request: WorkerRequest) => Promise<() => Promise<unknown>>;
  /** How many jobs of a kind the store, not the process, has as finished. */
  readonly countFinished?: (kind: JobKind) => Promise<number>;
  /** Invokes a job and waits for its result. Needs a worker, where the system has any. */
  readonly roundTrip?: (kind: JobKind, n: number) => Promise<unknown>;
  /** The same over HTTP, by the client that its users have. */
  readonly httpRoundTrip?: (n: number) => Promise<unknown>;
  /** Takes requests that invoke a `noop`, without executing any. */
  readonly serve?: (door: Door) => Promise<HttpTarget>;
  readonly close: () => Promise<unknown>;
}

/** What the module of a driver exports as `open`. */
export type OpenDriver = (context: DriverContext) => Promise<Driver>;
