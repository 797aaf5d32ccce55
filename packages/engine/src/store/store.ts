import type { RunStatus, SignalOutcome } from "@beckon/core/runtime";
import type { ActivityVerbs } from "./activity.ts";
import type { BirthVerbs } from "./births.ts";
import type { DeliveryVerbs } from "./deliveries.ts";
import type {
  Claim,
  ClaimedRun,
  LogWrite,
  RunDetail,
  RunRecord,
  Settlement,
  SignalWrite,
  StatusWrite,
  StepWrites,
  StoredEvent,
  TaskRecord,
} from "./records.ts";

/*
 * The floor under the engine. Each verb is one atomic transition, safe to call from several workers and
 * several processes at once. When the promise of a writing verb resolves, what it wrote is as durable as
 * the store was configured to make it. Time comes in as `now`; a store never reads a clock.
 * Refusals are values; a rejection means that the store itself failed and nothing was written
 * (StoreUnavailableError when trying again later may help: disk full, file locked; StoreClosedError once it was closed).
 * The conformance suite (`@beckon/engine/conformance`) says the same in tests.
 */

export interface Store
  extends
    BirthVerbs,
    ExecutionVerbs,
    TimeVerbs,
    HandVerbs,
    ReadVerbs,
    ActivityVerbs,
    ValueVerbs,
    DeliveryVerbs,
    CareVerbs {
  /** Names the store in messages, such as `the database .beckon/beckon.db`. */
  readonly description: string;
  /** Calls `listener` after every commit of this instance, and when another process changed the store. */
  subscribe(listener: (change: StoreChange) => void): () => void;
  close(): Promise<void>;
}

/** What a commit changed. */
export interface StoreChange {
  /**
   * The runs whose status changed, that got events, or of which a waiting step was resolved, in the order in which that
   * happened: one may come several times. null: another process wrote, and which runs is unknown.
   */
  readonly runs: readonly { readonly runId: string; readonly status: RunStatus }[] | null;
  /** Runs may be ready to be claimed. */
  readonly hasReady: boolean;
  /** There may be deliveries to be claimed that were not there before: nobody looks after every commit. */
  readonly hasDeliveries: boolean;
}

/** A process that claims. Its liveness is a lock that falls with the process, not a clock. */
export interface WorkerRegistration {
  readonly workerId: string;
  /** The jobs it defines: it is never given a run of another. */
  readonly jobs: readonly WorkerJob[];
  readonly now: number;
}

export interface WorkerJob {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly isEnabled: boolean;
  /**
   * The limit that the job's runs count against, with a concurrency key its share (`<id>:<key>`). A size that changed holds for the
   * runs there are. So does another limit than the job had, or none: its unfinished runs are moved before `openWorker`
   * resolves, executing ones even where that makes more of them than there are places. A run that is opened again counts
   * against it, too.
   */
  readonly limit: { readonly id: string; readonly max: number } | null;
}

/*
 * A limit has `max` places. They are taken by its EXECUTING runs, by functions that still run though their run has
 * ended, and by QUEUED runs that may start: these are always the first of the limit's line (priority, then
 * `queuedAt`, then id) as far as places are left; the others have hold `limit`. Runs of paused jobs are not in line.
 *
 * QUEUED suspects (`isSuspect`), but for those of paused jobs, have hold `suspect`: they are in no line either, and have no place
 * before they are claimed, so that nobody waits behind them.
 */
export interface ExecutionVerbs {
  /** Records the worker, its jobs (the catalog's history of versions) and their limits. */
  openWorker(worker: WorkerRegistration): Promise<void>;
  /**
   * Its runs, if it has any left, are given back. Where another worker has given one of its jobs another limit since, what
   * was made by the old one meanwhile comes under the new. Before that its limits get the size which the worker that was opened
   * last among the others defines them with, where there is one: a birth by the old definition may have changed it.
   */
  closeWorker(request: { readonly workerId: string; readonly now: number }): Promise<void>;
  /**
   * Takes over the runs of workers whose process is dead: QUEUED again, `crashCount` one more; at
   * `poisonAfter` crashes in a row, FAILURE with `poisonError`. The places of ended runs are freed. Limits get their
   * size, and are exchanged, as by `closeWorker`.
   */
  recoverRuns(request: { readonly now: number; readonly poisonAfter: number; readonly poisonError: string }): Promise<{
    readonly requeued: number;
    readonly poisoned: number;
  }>;
  /**
   * Takes up to `limit` ready runs: highest priority first, then the earliest `queuedAt`, then the lowest id.
   * Where there were as many, up to `ahead` more that count against no limit and cannot expire, in the same order. Expired
   * ones are left alone. With `suspect`, the first of the `limit` is a suspect, where there is one that may be executed: of
   * those whose limit has a place that is free or belongs to a ready run which comes after it that with the fewest crashes, then
   * the newest.
   */
  claimRuns(request: {
    readonly workerId: string;
    readonly limit: number;
    /** Default 0. */
    readonly ahead?: number | undefined;
    /** Whether the worker executes no other suspect, or only such as let another begin. Default false. */
    readonly suspect?: boolean | undefined;
    /** A suspect that has seen more does not begin now. Default: any may. */
    readonly mostCrashes?: number | undefined;
    readonly now: number;
  }): Promise<readonly ClaimedRun[]>;
  /**
   * Writes what executions did, each fenced by its claim. A step recorded as WAITING whose condition is
   * already met (its time has come, its runs have ended, a signal was kept) is resolved in the same
   * transaction and comes back in `resolved`. Where a step has completed, no more than `CRASHES_AFTER_PROGRESS` of the run's crashes are left.
   */
  recordSteps(request: {
    readonly writes: readonly StepWrites[];
    readonly now: number;
  }): Promise<readonly StepOutcome[]>;
  /** Ends executions, each fenced by its claim; wakes who waits for them, frees places and promotes, in the same transaction. */
  settleRuns(request: {
    readonly settlements: readonly Settlement[];
    readonly now: number;
  }): Promise<readonly ("settled" | "lost")[]>;
  /** The functions of runs that ended under them (canceled, timed out) have settled: their limits' places are free. */
  releaseRuns(request: { readonly claims: readonly Claim[]; readonly now: number }): Promise<void>;
  /** Of the given claims, those that are no longer good, with the status their run has. */
  findLostClaims(
    claims: readonly Claim[],
  ): Promise<readonly { readonly claim: Claim; readonly status: RunStatus | null }[]>;
}

export type StepOutcome =
  | { readonly kind: "recorded"; readonly resolved: readonly TaskRecord[] }
  | { readonly kind: "lost" };

export interface TimeVerbs {
  /**
   * Does what has become due, up to `limit` of each: DELAYED runs are QUEUED, waits are resolved (a `time`
   * wait as `due`, others as `timed-out`) and wake their runs, unstarted runs past `expiresAt` are EXPIRED.
   * `nextAt`: when something becomes due next; at or before `now` when there is more to do at once.
   */
  advanceTime(request: { readonly now: number; readonly limit: number }): Promise<{ readonly nextAt: number | null }>;
}

export interface HandVerbs {
  /** Ends the run and every unfinished run it made, down the tree (through finished runs too), except detached ones and what those made. */
  cancelRun(request: {
    readonly runId: string;
    readonly now: number;
  }): Promise<
    | { readonly kind: "canceled"; readonly runIds: readonly string[] }
    | { readonly kind: "finished"; readonly status: RunStatus }
    | { readonly kind: "not-found" }
  >;
  /**
   * Opens a failed run again as its next attempt; failed steps and children that ended not ok are forgotten,
   * with the items and signals around them (see `findAround`).
   * Steps that waited when the run ended wait on, or are resolved at once where what they wait for has come.
   * `told`: what to keep of the end that is undone, as an event after it.
   */
  retryRun(request: {
    readonly runId: string;
    readonly told?: LogWrite | undefined;
    readonly now: number;
  }): Promise<
    | { readonly kind: "reopened" }
    | { readonly kind: "refused"; readonly status: RunStatus }
    | { readonly kind: "key-taken"; readonly runId: string }
    | { readonly kind: "not-found" }
  >;
  /** While a job is paused none of its runs is claimed; those executing go on. Its ready runs give their limit's places back. */
  setJobPaused(request: { readonly jobId: string; readonly isPaused: boolean; readonly now: number }): Promise<void>;
  /** Resolves the oldest wait for this signal, or keeps the signal until somebody waits. */
  sendSignal(request: { readonly signal: SignalWrite; readonly now: number }): Promise<SignalOutcome>;
  /** Whether a wait that handed out this token is to be resolved yet. Answered in turn with the writes: one that is on its way counts. */
  awaitsRequest(token: string): Promise<boolean>;
  /** Resolves the wait that handed out this token. */
  completeRequest(request: {
    readonly token: string;
    readonly body: string;
    readonly now: number;
  }): Promise<"delivered" | "not-found">;
}

export interface RunQuery {
  readonly jobId?: string | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  readonly tag?: string | undefined;
  readonly version?: string | undefined;
  readonly isTest?: boolean | undefined;
  /** Created at or after. */
  readonly from?: number | undefined;
  /** Created before. */
  readonly to?: number | undefined;
  readonly parentRunId?: string | undefined;
  readonly accountId?: string | undefined;
  /** A run id, the beginning of one, or an idempotency key as it is stored. */
  readonly search?: string | undefined;
  /** Only runs older than this id. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Facts for `run.explain()`, read in one snapshot. */
export interface QueueFacts {
  /** Runs that would be claimed before this one, among the ready ones or in its limit's backlog. */
  readonly ahead: number;
  readonly limit: {
    readonly id: string;
    readonly max: number;
    readonly taken: number;
    readonly heldBy: readonly string[];
  } | null;
  readonly isPaused: boolean;
  /** A live worker defines the job. */
  readonly hasWorker: boolean;
}

export interface JobFacts {
  readonly id: string;
  readonly isPaused: boolean;
  readonly live: Readonly<Record<"DELAYED" | "QUEUED" | "EXECUTING" | "WAITING", number>>;
  /** Versions it was served with, newest last, and when each was first seen. */
  readonly versions: readonly { readonly version: string; readonly firstSeenAt: number }[];
}

export interface ReadVerbs {
  readRun(runId: string): Promise<RunDetail | null>;
  readRuns(runIds: readonly string[]): Promise<readonly (RunDetail | null)[]>;
  /** Newest first. */
  listRuns(query: RunQuery): Promise<readonly RunRecord[]>;
  /** The steps of a run in the order of `ordinal`; only those with the given ids, when there are any given. */
  readTasks(runId: string, taskIds?: readonly string[]): Promise<readonly TaskRecord[]>;
  readStatuses(runId: string): Promise<readonly StatusWrite[]>;
  /** Events with `seq` greater than `after`, in order, up to `limit`; of one type only when `type` is given. */
  readEvents(request: {
    readonly runId: string;
    readonly after: number;
    readonly limit: number;
    readonly type?: StoredEvent["type"] | undefined;
  }): Promise<readonly StoredEvent[]>;
  readQueueFacts(runId: string): Promise<QueueFacts | null>;
  /** Of every job that has been served or has live runs. */
  listJobFacts(): Promise<readonly JobFacts[]>;
  /** The runs that an unfinished run waits for now. */
  readAwaitedRuns(runId: string): Promise<readonly string[]>;
}

export interface ValueVerbs {
  readValue(scope: string, key: string): Promise<string | null>;
  /** `text` null deletes: `absent` when there was nothing to delete. Values of the scope `run:<run id>` go with their run. */
  writeValue(request: {
    readonly scope: string;
    readonly key: string;
    readonly text: string | null;
    readonly claim: Claim | null;
  }): Promise<"written" | "absent" | "lost">;
}

export interface CareVerbs {
  /**
   * Deletes up to `limit` finished runs that ended before, each with all that is its; never one that was made by a run which may
   * go on (it is unfinished, or did not succeed and is not to be deleted yet, so that somebody may retry it), that a step of such
   * a run names as its child, through which canceling such a run, up to 20 generations above, goes down to others that are left,
   * or of which somebody is still to be told: a delivery created before `giveUpBefore` whose job no worker defines is given up, and
   * goes with its run. From time to time answers to requests whose 24 h are over begin to be forgotten.
   */
  prune(request: {
    readonly endedBefore: number;
    readonly giveUpBefore: number;
    readonly limit: number;
    readonly now: number;
  }): Promise<number>;
  /** Writes a consistent copy of a live store to a new file. @throws when the store has no file form */
  backup(path: string): Promise<void>;
}
