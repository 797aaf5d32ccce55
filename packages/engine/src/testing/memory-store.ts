import type { SignalWrite } from "../store/records.ts";
import type { Store, StoreChange } from "../store/store.ts";
import { countEnded, listLimits } from "./memory/activity.ts";
import { createRuns } from "./memory/births.ts";
import { claimDeliveries, finishDelivery } from "./memory/deliveries.ts";
import { advanceTime } from "./memory/due-work.ts";
import { claimRuns, findLostClaims, recordSteps } from "./memory/executions.ts";
import { cancelRun, retryRun, setJobPaused } from "./memory/hands.ts";
import { createMemoryState, type MemoryCommit, type MemoryRun, type MemoryState } from "./memory/memory-state.ts";
import { assignPlaces, claimableSuspects, freePlace, readyRuns } from "./memory/places.ts";
import { prune } from "./memory/pruning.ts";
import { listJobFacts, listRuns, readAwaitedRuns, readEvents, readQueueFacts } from "./memory/reads.ts";
import { settleRun } from "./memory/settlements.ts";
import { toRunDetail, toTaskRecords } from "./memory/snapshots.ts";
import { readValue, writeValue } from "./memory/values.ts";
import { deliverRequest, deliverSignal, findRequest } from "./memory/waits.ts";
import { closeWorker, openWorker, recoverRuns } from "./memory/workers.ts";

/** A Store that forgets everything with its process, and whose workers a test can let die. */
export interface MemoryStore extends Store {
  /** As if the worker's process had been killed: its runs are there for `recoverRuns`. */
  abandonWorker(workerId: string): void;
  /** As if every process had been killed. */
  abandonWorkers(): void;
  /** The signals that nobody has taken yet, each the same object whenever it is asked for. */
  keptSignals(): readonly SignalWrite[];
  /** Hooks that have yet to be called, or are being called, and when they are due. */
  openHooks(): readonly { readonly runId: string; readonly dueAt: number }[];
}

/** Runs one writing verb: all of its changes, then who may start, then the word to the listeners. */
type Committer = <Result>(now: number, verb: (commit: MemoryCommit) => Result) => Promise<Result>;

/**
 * The port in plain data structures: the reference that tests run on, and the shortest way to read what each
 * verb does. Every verb is one synchronous turn, and so atomic; it favors plainness over speed.
 */
export function createMemoryStore(): MemoryStore {
  const state = createMemoryState();
  const listeners = new Set<(change: StoreChange) => void>();
  const commit = createCommitter(state, (change) => {
    for (const listener of listeners) listener(change);
  });
  return {
    description: "the in-memory store",
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: async () => listeners.clear(),
    abandonWorker(workerId) {
      const worker = state.workers.get(workerId);
      if (worker !== undefined) worker.isAlive = false;
    },
    abandonWorkers() {
      for (const worker of state.workers.values()) worker.isAlive = false;
    },
    keptSignals: () => [...state.keptSignals],
    openHooks: () => [...state.deliveries].filter(({ kind }) => kind === "hook"),
    ...executionVerbs(state, commit),
    ...otherWritingVerbs(state, commit),
    ...readingVerbs(state),
  };
}

function createCommitter(state: MemoryState, notify: (change: StoreChange) => void): Committer {
  let readyBefore: ReadonlySet<MemoryRun> = new Set();
  return async (now, verb) => {
    const changed = new Set<MemoryRun>();
    const result = verb({ state, now, changed });
    assignPlaces(state);
    const ready = [...readyRuns(state), ...claimableSuspects(state)];
    const hasReady = ready.some((run) => !readyBefore.has(run));
    readyBefore = new Set(ready);
    const hasDeliveries = [...state.deliveries].some(({ workerId }) => workerId === null);
    if (changed.size > 0 || hasReady) {
      notify({ runs: [...changed].map((run) => ({ runId: run.id, status: run.status })), hasReady, hasDeliveries });
    }
    return result;
  };
}

type ExecutionVerb =
  | "openWorker"
  | "closeWorker"
  | "recoverRuns"
  | "claimRuns"
  | "recordSteps"
  | "settleRuns"
  | "releaseRuns"
  | "findLostClaims";

function executionVerbs(state: MemoryState, commit: Committer): Pick<Store, ExecutionVerb> {
  return {
    openWorker: (worker) => commit(worker.now, (at) => openWorker(at, worker)),
    closeWorker: ({ workerId, now }) => commit(now, (at) => closeWorker(at, workerId)),
    recoverRuns: (request) => commit(request.now, (at) => recoverRuns(at, request)),
    claimRuns: (request) => commit(request.now, (at) => claimRuns(at, request)),
    recordSteps: ({ writes, now }) => commit(now, (at) => writes.map((write) => recordSteps(at, write))),
    settleRuns: ({ settlements, now }) =>
      commit(now, (at) => settlements.map((settlement) => settleRun(at, settlement))),
    releaseRuns: ({ claims, now }) => commit(now, () => claims.forEach((claim) => freePlace(state, claim))),
    findLostClaims: async (claims) => findLostClaims(state, claims),
  };
}

type OtherWritingVerb =
  | "createRuns"
  | "advanceTime"
  | "cancelRun"
  | "retryRun"
  | "setJobPaused"
  | "sendSignal"
  | "completeRequest"
  | "writeValue"
  | "claimDeliveries"
  | "finishDelivery"
  | "prune"
  | "backup";

function otherWritingVerbs(state: MemoryState, commit: Committer): Pick<Store, OtherWritingVerb> {
  return {
    createRuns: (request) => commit(request.now, (at) => createRuns(at, request)),
    advanceTime: ({ now, limit }) => commit(now, (at) => advanceTime(at, limit)),
    cancelRun: ({ runId, now }) => commit(now, (at) => cancelRun(at, runId)),
    retryRun: ({ now, ...request }) => commit(now, (at) => retryRun(at, request)),
    setJobPaused: ({ jobId, isPaused, now }) => commit(now, (at) => setJobPaused(at, jobId, isPaused)),
    sendSignal: ({ signal, now }) => commit(now, (at) => deliverSignal(at, signal)),
    completeRequest: ({ token, body, now }) => commit(now, (at) => deliverRequest(at, token, body)),
    writeValue: async (request) => writeValue(state, request),
    claimDeliveries: (request) => commit(request.now, (at) => claimDeliveries(at, request)),
    finishDelivery: async (request) => finishDelivery(state, request),
    prune: (request) => commit(request.now, (at) => prune(at, request)),
    backup: async () => {
      throw new Error("The in-memory store has no file to copy: open a database file to make backups.");
    },
  };
}

type ReadingVerb =
  | "readRun"
  | "readRuns"
  | "listRuns"
  | "readTasks"
  | "readStatuses"
  | "readEvents"
  | "readQueueFacts"
  | "listJobFacts"
  | "readAwaitedRuns"
  | "awaitsRequest"
  | "countEnded"
  | "listLimits"
  | "readValue";

function readingVerbs(state: MemoryState): Pick<Store, ReadingVerb> {
  const find = (runId: string) => {
    const run = state.runs.get(runId);
    return run === undefined ? null : toRunDetail(run);
  };
  return {
    readRun: async (runId) => find(runId),
    readRuns: async (runIds) => runIds.map(find),
    listRuns: async (query) => listRuns(state, query),
    readTasks: async (runId, taskIds) => {
      const tasks = toTaskRecords(state.runs.get(runId));
      return taskIds === undefined ? tasks : tasks.filter(({ id }) => taskIds.includes(id));
    },
    readStatuses: async (runId) => [...(state.runs.get(runId)?.statuses.values() ?? [])],
    readEvents: async (request) => readEvents(state, request),
    readQueueFacts: async (runId) => readQueueFacts(state, runId),
    listJobFacts: async () => listJobFacts(state),
    readAwaitedRuns: async (runId) => readAwaitedRuns(state, runId),
    awaitsRequest: async (token) => findRequest(state, token) !== undefined,
    countEnded: async (request) => countEnded(state, request),
    listLimits: async (request) => listLimits(state, request),
    readValue: async (scope, key) => readValue(state, scope, key),
  };
}
