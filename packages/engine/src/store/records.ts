import type {
  Hold,
  LogLevel,
  Resolution,
  RunStatus,
  StatusState,
  TaskKind,
  TaskStatus,
  TerminalStatus,
} from "@beckon/core/runtime";

/*
 * What stores keep, as values. Instants are epoch milliseconds (`…At`), spans are milliseconds (`…Ms`),
 * and every field that holds a user's value holds its codec text (`encode` of core).
 */

/** A run as history: all but the large texts. */
export interface RunRecord {
  /** `run_` and a text that sorts by creation: the order of ids is the order of `(createdAt, id)`. */
  readonly id: string;
  readonly jobId: string;
  readonly jobVersion: string;
  readonly status: RunStatus;
  readonly hold: Hold | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly isTest: boolean;
  /** The run that this one replays. */
  readonly replayOf: string | null;
  /** The run that made this one, and the step that did. A run adopted by idempotency key keeps its maker. */
  readonly parentRunId: string | null;
  readonly parentTaskId: string | null;
  readonly parentJobId: string | null;
  readonly isDetached: boolean;
  readonly accountId: string | null;
  readonly callbackUrl: string | null;
  readonly hasHooks: boolean;
  readonly idempotencyKey: string | null;
  readonly concurrencyKey: string | null;
  readonly limitId: string | null;
  readonly createdAt: number;
  /**
   * Its place in the queue among equal priorities: when it was first QUEUED; for a run that was delayed or backed off,
   * the instant it was due, however late the store was told. Kept over waits, crashes and give-backs; Retry sets it anew.
   */
  readonly queuedAt: number | null;
  /** When a DELAYED run becomes due. */
  readonly wakeAt: number | null;
  /** When a run that has not started becomes EXPIRED: `queuedAt` and its `ttlMs`, set when it is QUEUED. */
  readonly expiresAt: number | null;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly ttlMs: number | null;
  readonly maxDurationMs: number | null;
  readonly attempt: number;
  readonly executionCount: number;
  readonly executionMs: number;
  /** Executions in a row that ended with the death of their process, and finished no step before that. */
  readonly crashCount: number;
  /** How many events the run has: the `seq` of its last one. */
  readonly eventCount: number;
}

/** A run with its texts. */
export interface RunDetail extends RunRecord {
  readonly input: string;
  readonly context: string | null;
  readonly output: string | null;
  readonly error: string | null;
}

/**
 * The right to write to an executing run: every write is refused once the lease was replaced or the run ended. It goes
 * back to the store as it came from it: a store may have more fields in it.
 */
export interface Claim {
  readonly runId: string;
  readonly lease: number;
}

/** A run that was claimed, with all that executing it needs. */
export interface ClaimedRun {
  readonly claim: Claim;
  readonly run: RunRecord;
  readonly input: string;
  /** Executing time that counts against `maxDurationMs`: all of it since birth, or since Retry by hand opened it again. */
  readonly limitedMs: number;
  /** What `run` was given at the first execution, where that differs from the input. */
  readonly payload: string | null;
  readonly context: string | null;
  /** The memo, in the order of `ordinal`; empty at the first execution. */
  readonly tasks: readonly TaskRecord[];
  /** How many log messages are on disk, by `toLogKey`, so that replay does not repeat them. */
  readonly logCounts: ReadonlyMap<string, number>;
  readonly statuses: readonly StatusWrite[];
}

/** What a step waits for. `runs`: until every one has ended. `time` is also the pause before a task's next attempt. */
export type WaitTarget =
  | { readonly kind: "time" }
  | { readonly kind: "runs"; readonly runIds: readonly string[] }
  | { readonly kind: "signal"; readonly name: string; readonly id: string | null }
  | { readonly kind: "request"; readonly token: string };

/** A step of a run. */
export interface TaskRecord {
  /** The path of keys from the run to the step; unique in the run. */
  readonly id: string;
  /** The step it happened in; null: the run itself. */
  readonly parentId: string | null;
  readonly kind: TaskKind;
  readonly name: string;
  /** Counts the run's steps from 1, in the order they were first recorded. The store keeps the first. */
  readonly ordinal: number;
  /** Counts the ends of the run's steps as its function saw them, so that a replay shows them in the same order; null: it has seen none. */
  readonly endOrdinal: number | null;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly output: string | null;
  readonly error: string | null;
  /** The run that a `child` step made or adopted, or that a `result` step waits for. */
  readonly childRunId: string | null;
  /** The job and the payload digest of a `child` step made without a key; matched on replay. */
  readonly childJobId: string | null;
  readonly childDigest: string | null;
  /** How to show the step: params, icon, description, properties, redacted paths; codec text. */
  readonly display: string | null;
  readonly startedAt: number;
  readonly completedAt: number | null;
  /** When a WAITING step's time comes, or its wait times out. */
  readonly wakeAt: number | null;
  /** While WAITING: what for. */
  readonly wait: WaitTarget | null;
  /**
   * Set by the store when it resolves the wait: `wait` and `wakeAt` become null, `status` SUCCESS (FAILURE when it
   * timed out) and `completedAt` the time, with what was delivered as `output`. A `time` wait of a `task` step is
   * the pause before its next attempt: that step becomes RUNNING again, and has not completed.
   */
  readonly resolution: Resolution | null;
}

/** A run to be made. */
export interface NewRun {
  readonly id: string;
  readonly jobId: string;
  readonly jobVersion: string;
  readonly input: string;
  readonly context: string | null;
  readonly accountId: string | null;
  readonly callbackUrl: string | null;
  readonly hasHooks: boolean;
  readonly tags: readonly string[];
  readonly priority: number;
  readonly isTest: boolean;
  readonly replayOf: string | null;
  readonly isDetached: boolean;
  /** The job of the run that makes it. */
  readonly parentJobId: string | null;
  readonly concurrencyKey: string | null;
  /** The limit it counts against: the job's or a shared one; with a concurrency key `<that id>:<key>`. */
  readonly limit: { readonly id: string; readonly max: number } | null;
  readonly idempotency: { readonly key: string; readonly digest: string; readonly expiresAt: number } | null;
  readonly createdAt: number;
  /** DELAYED until then; null, or not after `now`: QUEUED at once. */
  readonly startAt: number | null;
  readonly ttlMs: number | null;
  readonly maxDurationMs: number | null;
}

/**
 * An event to be appended; the store gives it its `seq`. A `task` event tells of a step as its record has it
 * (`toTaskEvent`). Status events are appended by the store itself, and so is the `task` event of a step whose wait
 * it resolves, unless that is the pause of a task.
 */
export type NewEvent =
  | { readonly type: "task"; readonly at: number; readonly task: TaskRecord }
  | LogWrite
  | { readonly type: "status-record"; readonly at: number; readonly data: string };

/** A log message. `data` is the codec text of the user's data, or null. */
export interface LogWrite {
  readonly type: "log";
  readonly at: number;
  readonly taskId: string | null;
  readonly level: LogLevel;
  readonly message: string;
  readonly data: string | null;
  /** The attempt of the run or task it was written in: with the level the unit in which replay skips messages. */
  readonly scope: string;
}

export interface StatusWrite {
  readonly key: string;
  readonly label: string;
  readonly state: StatusState | null;
  readonly data: string | null;
  readonly updatedAt: number;
}

/** What an execution writes while it goes on, all in one transaction. */
export interface StepWrites {
  readonly claim: Claim;
  /** What `run` is given, where that differs from the input; null: nothing to keep. */
  readonly payload: string | null;
  /** Inserted, or replaced by id. */
  readonly tasks: readonly TaskRecord[];
  /**
   * Ids of steps that are deleted before `tasks` are written, since a task's new attempt makes them again: those that
   * failed, and children that ended not ok. What else has succeeded is never deleted, nor written in another way.
   */
  readonly forgotten?: readonly string[] | undefined;
  readonly events: readonly NewEvent[];
  readonly statuses: readonly StatusWrite[];
  readonly signals: readonly SignalWrite[];
}

export interface SignalWrite {
  readonly name: string;
  readonly id: string | null;
  readonly payload: string;
}

/**
 * How an execution ended, decided by the engine. `end`: the run is finished. `park`: it waits for the named
 * steps; where one of them was resolved meanwhile, it is QUEUED again at once. `back-off`: its next attempt
 * starts later, and failed steps and children that ended not ok are forgotten, with the items and signals around them. `give-back`: it was not its fault.
 */
export type Settlement = {
  readonly claim: Claim;
  readonly executedMs: number;
  /** Events and status records that were not written yet. */
  readonly events: readonly NewEvent[];
  readonly statuses: readonly StatusWrite[];
  /** Of a run that ends: its finished steps that were not written yet. */
  readonly tasks?: readonly TaskRecord[] | undefined;
} & (
  | {
      readonly kind: "end";
      readonly status: Exclude<TerminalStatus, "CANCELED" | "EXPIRED">;
      readonly output: string | null;
      readonly error: string | null;
      /** true: the function is still running, so the limit's place stays taken until `releaseRuns`. */
      readonly isStillRunning: boolean;
    }
  | { readonly kind: "park"; readonly taskIds: readonly string[] }
  | { readonly kind: "back-off"; readonly wakeAt: number; readonly error: string }
  | { readonly kind: "give-back" }
);

/** A stored event as readers get it: `data` depends on the type. */
export type StoredEvent = { readonly seq: number; readonly at: number } & (
  | { readonly type: "status"; readonly status: RunStatus }
  | { readonly type: "task"; readonly taskId: string; readonly data: string }
  | {
      readonly type: "log";
      readonly taskId: string | null;
      readonly level: LogLevel;
      readonly message: string;
      readonly data: string | null;
    }
  | { readonly type: "status-record"; readonly data: string }
);

/** Something to be told to the outside about a finished run, at least once: its callback URL, or its job's hook. */
export interface Delivery {
  readonly runId: string;
  readonly jobId: string;
  readonly kind: "callback" | "hook";
  /** 1 for the first. */
  readonly attempt: number;
  readonly createdAt: number;
}
