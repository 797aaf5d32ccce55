import type {
  Claim,
  Delivery,
  NewRun,
  RunDetail,
  SignalWrite,
  StatusWrite,
  StoredEvent,
  TaskRecord,
} from "../../store/records.ts";
import type { WorkerJob } from "../../store/store.ts";

/*
 * All that the in-memory store knows, as plain maps. Verbs change it in place; what leaves the store is a copy.
 */

export type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] };

export interface MemoryRun extends Mutable<RunDetail> {
  payload: string | null;
  readonly idempotency: NewRun["idempotency"];
  /** Counts its claims. The current claim is good while the run is EXECUTING. */
  lease: number;
  /** Its `executionMs` when it was last opened again by hand. */
  executionMsAtRetry: number;
  /** While EXECUTING. */
  workerId: string | null;
  /** While WAITING: the steps whose resolution wakes it. */
  parkedOn: ReadonlySet<string>;
  readonly tasks: Map<string, Mutable<TaskRecord>>;
  readonly events: StoredEvent[];
  /** How many log messages each scope has. */
  readonly logCounts: Map<string, number>;
  readonly statuses: Map<string, StatusWrite>;
}

/** A function that still runs though its run has ended: it keeps a place of the limit. */
export interface LingeringFunction {
  readonly claim: Claim;
  readonly workerId: string;
  readonly limitId: string;
}

export interface MemoryDelivery extends Mutable<Delivery> {
  dueAt: number;
  readonly receiver: string;
  /** Who is delivering it. */
  workerId: string | null;
}

export interface MemoryState {
  readonly runs: Map<string, MemoryRun>;
  /** The unfinished ones of `runs`. */
  readonly live: Set<MemoryRun>;
  /** Which run an idempotency key belongs to, by `toKeyId`. */
  readonly keys: Map<string, { readonly runId: string; readonly digest: string; readonly expiresAt: number }>;
  readonly requests: Map<string, { readonly runIds: readonly string[]; readonly at: number }>;
  /** The limit of each job that a worker has defined, as the last one has it. */
  readonly jobLimits: Map<string, WorkerJob["limit"]>;
  /** How many places each limit has. */
  readonly limits: Map<string, number>;
  readonly lingering: Set<LingeringFunction>;
  readonly workers: Map<string, { readonly jobs: readonly WorkerJob[]; isAlive: boolean }>;
  /** Every job that was served: its versions and when each was first seen. */
  readonly versions: Map<string, Map<string, number>>;
  readonly pausedJobs: Set<string>;
  /** Signals that nobody waited for, oldest first. */
  readonly keptSignals: Set<SignalWrite>;
  /** By scope, then by key. */
  readonly values: Map<string, Map<string, string>>;
  readonly deliveries: Set<MemoryDelivery>;
}

/** One verb at work: the state, its time, and the runs that it changed. */
export interface MemoryCommit {
  readonly state: MemoryState;
  readonly now: number;
  readonly changed: Set<MemoryRun>;
}

export function createMemoryState(): MemoryState {
  return {
    runs: new Map(),
    live: new Set(),
    keys: new Map(),
    requests: new Map(),
    jobLimits: new Map(),
    limits: new Map(),
    lingering: new Set(),
    workers: new Map(),
    versions: new Map(),
    pausedJobs: new Set(),
    keptSignals: new Set(),
    values: new Map(),
    deliveries: new Set(),
  };
}

export function toKeyId(jobId: string, key: string): string {
  return JSON.stringify([jobId, key]);
}

/** The run that a good claim gives the right to write to. */
export function findClaimed(state: MemoryState, claim: Claim): MemoryRun | undefined {
  const run = state.runs.get(claim.runId);
  return run?.status === "EXECUTING" && run.lease === claim.lease ? run : undefined;
}

export function isWorkerAlive(state: MemoryState, workerId: string | null): boolean {
  return workerId !== null && state.workers.get(workerId)?.isAlive === true;
}
