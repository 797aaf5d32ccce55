import { isTerminal } from "@beckon/core/runtime";
import type { RunRecord, StoredEvent } from "../../store/records.ts";
import type { JobFacts, QueueFacts, RunQuery } from "../../store/store.ts";
import type { MemoryRun, MemoryState } from "./memory-state.ts";
import { byCrashes, byTurn, maxOf, placeHolders } from "./places.ts";
import { toRunRecord } from "./snapshots.ts";

export function listRuns(state: MemoryState, query: RunQuery): RunRecord[] {
  return [...state.runs.values()]
    .filter((run) => isWanted(run, query))
    .toSorted((left, right) => (left.id < right.id ? 1 : -1))
    .slice(0, query.limit)
    .map(toRunRecord);
}

function isWanted(run: MemoryRun, query: RunQuery): boolean {
  return (
    (query.jobId === undefined || run.jobId === query.jobId) &&
    (query.statuses === undefined || query.statuses.includes(run.status)) &&
    (query.tag === undefined || run.tags.includes(query.tag)) &&
    (query.version === undefined || run.jobVersion === query.version) &&
    (query.isTest === undefined || run.isTest === query.isTest) &&
    (query.from === undefined || run.createdAt >= query.from) &&
    (query.to === undefined || run.createdAt < query.to) &&
    (query.parentRunId === undefined || run.parentRunId === query.parentRunId) &&
    (query.accountId === undefined || run.accountId === query.accountId) &&
    (query.search === undefined || run.id.startsWith(query.search) || run.idempotencyKey === query.search) &&
    (query.before === undefined || run.id < query.before)
  );
}

export function readEvents(
  state: MemoryState,
  request: {
    readonly runId: string;
    readonly after: number;
    readonly limit: number;
    readonly type?: StoredEvent["type"] | undefined;
  },
): StoredEvent[] {
  const events = state.runs.get(request.runId)?.events ?? [];
  return events
    .filter((event) => event.seq > request.after && (request.type === undefined || event.type === request.type))
    .slice(0, request.limit);
}

export function readQueueFacts(state: MemoryState, runId: string): QueueFacts | null {
  const run = state.runs.get(runId);
  if (run === undefined) return null;
  const isWorkedOn = [...state.workers.values()].some(
    (worker) => worker.isAlive && worker.jobs.some((job) => job.id === run.jobId),
  );
  return {
    ahead: run.status === "QUEUED" ? countAhead(state, run) : 0,
    limit: run.limitId === null ? null : limitFacts(state, run.limitId),
    isPaused: state.pausedJobs.has(run.jobId),
    hasWorker: isWorkedOn,
  };
}

/** Among the ready runs when it is ready itself; otherwise among those that are held back as it is. */
function countAhead(state: MemoryState, run: MemoryRun): number {
  return [...state.live].filter(
    (other) =>
      other !== run &&
      other.status === "QUEUED" &&
      other.hold === run.hold &&
      (run.hold !== "limit" || other.limitId === run.limitId) &&
      (run.hold !== "paused" || other.jobId === run.jobId) &&
      (run.hold === "suspect" ? byCrashes : byTurn)(other, run) < 0,
  ).length;
}

function limitFacts(state: MemoryState, limitId: string): QueueFacts["limit"] {
  const heldBy = placeHolders(state, limitId);
  return { id: limitId, max: maxOf(state, limitId), taken: heldBy.length, heldBy };
}

export function listJobFacts(state: MemoryState): JobFacts[] {
  const ids = new Set([...state.versions.keys(), ...[...state.live].map((run) => run.jobId)]);
  return [...ids].toSorted().map((id) => ({
    id,
    isPaused: state.pausedJobs.has(id),
    live: countLive(state, id),
    versions: [...(state.versions.get(id) ?? [])]
      .map(([version, firstSeenAt]) => ({ version, firstSeenAt }))
      .toSorted((left, right) => left.firstSeenAt - right.firstSeenAt),
  }));
}

function countLive(state: MemoryState, jobId: string): JobFacts["live"] {
  const live = { DELAYED: 0, QUEUED: 0, EXECUTING: 0, WAITING: 0 };
  for (const run of state.live) if (run.jobId === jobId && !isTerminal(run.status)) live[run.status] += 1;
  return live;
}

/** The unfinished runs among those that its waiting steps name. */
export function readAwaitedRuns(state: MemoryState, runId: string): string[] {
  const run = state.runs.get(runId);
  if (run === undefined || isTerminal(run.status)) return [];
  const awaited = [...run.tasks.values()].flatMap(({ wait }) => (wait?.kind === "runs" ? wait.runIds : []));
  return [...new Set(awaited)].filter((id) => {
    const other = state.runs.get(id);
    return other !== undefined && !isTerminal(other.status);
  });
}
