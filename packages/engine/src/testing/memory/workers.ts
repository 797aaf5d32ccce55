import type { WorkerJob, WorkerRegistration } from "../../store/store.ts";
import { endRun } from "./endings.ts";
import { isWorkerAlive, type MemoryCommit, type MemoryRun, type MemoryState } from "./memory-state.ts";
import { renewLimit } from "./places.ts";
import { transition } from "./status.ts";

export function openWorker({ state, now }: MemoryCommit, worker: WorkerRegistration): void {
  // Whoever comes once more is the last.
  state.workers.delete(worker.workerId);
  state.workers.set(worker.workerId, { jobs: worker.jobs, isAlive: true });
  for (const job of worker.jobs) {
    const versions = state.versions.get(job.id) ?? new Map<string, number>();
    state.versions.set(job.id, versions);
    if (!versions.has(job.version)) versions.set(job.version, now);
    if (job.limit !== null) resizeLimit(state, job.limit);
    changeLimit(state, job);
  }
}

function changeLimit(state: MemoryState, { id, limit }: WorkerJob): void {
  const isOther = (state.jobLimits.get(id)?.id ?? null) !== (limit?.id ?? null);
  state.jobLimits.set(id, limit);
  if (!isOther) return;
  for (const run of state.live) if (run.jobId === id) renewLimit(state, run);
}

/** The limit itself and its shares by concurrency key. */
function resizeLimit(state: MemoryState, limit: { readonly id: string; readonly max: number }): void {
  state.limits.set(limit.id, limit.max);
  for (const id of state.limits.keys()) {
    if (id.startsWith(`${limit.id}:`)) state.limits.set(id, limit.max);
  }
}

export function closeWorker(commit: MemoryCommit, workerId: string): void {
  for (const run of executingFor(commit.state, (id) => id === workerId)) {
    run.workerId = null;
    run.crashCount = 0;
    transition(commit, run, "give back");
  }
  handOverLimits(commit.state, (id) => id === workerId);
  forgetWorkers(commit.state, (id) => id === workerId);
}

/** What workers made by a limit that another one has exchanged since counts against that. */
function handOverLimits(state: MemoryState, isMeant: (workerId: string) => boolean): void {
  for (const [workerId, { jobs }] of state.workers) {
    if (isMeant(workerId)) for (const job of jobs) handOverLimit(state, job);
  }
}

function handOverLimit(state: MemoryState, { id, limit }: WorkerJob): void {
  if ((state.jobLimits.get(id)?.id ?? null) === (limit?.id ?? null)) return;
  for (const run of state.live) if (run.jobId === id) renewLimit(state, run);
}

export function recoverRuns(
  commit: MemoryCommit,
  { poisonAfter, poisonError }: { readonly poisonAfter: number; readonly poisonError: string },
): { requeued: number; poisoned: number } {
  const isDead = (workerId: string): boolean => !isWorkerAlive(commit.state, workerId);
  const counts = { requeued: 0, poisoned: 0 };
  for (const run of executingFor(commit.state, isDead)) {
    run.crashCount += 1;
    run.workerId = null;
    if (run.crashCount >= poisonAfter) {
      endRun(commit, run, { how: "fail", output: null, error: poisonError });
      counts.poisoned += 1;
    } else {
      transition(commit, run, "give back");
      counts.requeued += 1;
    }
  }
  handOverLimits(commit.state, isDead);
  forgetWorkers(commit.state, isDead);
  return counts;
}

function executingFor(state: MemoryState, isMeant: (workerId: string) => boolean): MemoryRun[] {
  return [...state.live].filter((run) => run.status === "EXECUTING" && run.workerId !== null && isMeant(run.workerId));
}

/** With its process, a worker's lingering functions are gone, and others may make its deliveries. */
function forgetWorkers(state: MemoryState, isMeant: (workerId: string) => boolean): void {
  for (const place of state.lingering) if (isMeant(place.workerId)) state.lingering.delete(place);
  for (const delivery of state.deliveries) {
    if (delivery.workerId !== null && isMeant(delivery.workerId)) delivery.workerId = null;
  }
  const jobs = [...state.workers].flatMap(([workerId, worker]) => (isMeant(workerId) ? worker.jobs : []));
  for (const workerId of state.workers.keys()) if (isMeant(workerId)) state.workers.delete(workerId);
  for (const { limit } of jobs) if (limit !== null) leaveSize(state, limit.id);
}

/** The limit is as large as the worker defines it that came last among those that are left. */
function leaveSize(state: MemoryState, limitId: string): void {
  const limits = [...state.workers.values()].flatMap(({ jobs }) => jobs.map(({ limit }) => limit));
  const limit = limits.findLast((one) => one?.id === limitId);
  if (!limit) return;
  resizeLimit(state, limit);
  for (const [jobId, named] of state.jobLimits) if (named?.id === limitId) state.jobLimits.set(jobId, limit);
}
