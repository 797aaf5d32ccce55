import { isTerminal } from "@beckon/core/runtime";
import type { CareVerbs } from "../../store/store.ts";
import { REQUEST_KEPT_MS } from "./births.ts";
import { type MemoryCommit, type MemoryDelivery, type MemoryRun, type MemoryState, toKeyId } from "./memory-state.ts";

/** A run that makes its own successor may have as many above it as it likes. */
const MOST_GENERATIONS = 20;

/** Deletes finished runs with all that is theirs, those that ended first at first, and request ids that are over. */
export function prune(
  { state, now }: MemoryCommit,
  { endedBefore, giveUpBefore, limit }: Omit<Parameters<CareVerbs["prune"]>[0], "now">,
): number {
  for (const [id, request] of state.requests) if (request.at + REQUEST_KEPT_MS <= now) state.requests.delete(id);
  const readers = [...state.runs.values()].filter((run) => mayGoOn(run, endedBefore));
  const read = new Set(readers.flatMap((run) => [...run.tasks.values()].map((task) => task.childRunId)));
  const untold = listUntold(state, giveUpBefore);
  const parents = new Set([...state.runs.values()].filter((run) => !run.isDetached).map((run) => run.parentRunId));
  const leadsDown = (run: MemoryRun): boolean => parents.has(run.id) && isBelowOneThatMayGoOn(state, run, endedBefore);
  const old = [...state.runs.values()]
    .filter((run) => isTerminal(run.status) && run.completedAt !== null && run.completedAt < endedBefore)
    .filter((run) => !read.has(run.id) && !untold.has(run.id) && !isMadeByOneThatMayGoOn(state, run, endedBefore))
    .filter((run) => !leadsDown(run))
    .toSorted((left, right) => (left.completedAt ?? 0) - (right.completedAt ?? 0))
    .slice(0, limit);
  for (const run of old) deleteRun(state, run);
  return old.length;
}

/** The runs of which somebody is to be told, unless that was given up: only who defines their job tries, and gives up in the end. */
function listUntold(state: MemoryState, giveUpBefore: number): ReadonlySet<string> {
  const defined = new Set([...state.workers.values()].flatMap(({ jobs }) => jobs.map(({ id }) => id)));
  const isOpen = ({ createdAt, jobId }: MemoryDelivery): boolean => createdAt >= giveUpBefore || defined.has(jobId);
  return new Set([...state.deliveries].filter(isOpen).map(({ runId }) => runId));
}

/** Canceling its maker goes down the tree through it, and a maker that is retried may ask for it. */
function isMadeByOneThatMayGoOn(state: MemoryState, { parentRunId }: MemoryRun, endedBefore: number): boolean {
  const maker = parentRunId === null ? undefined : state.runs.get(parentRunId);
  return maker !== undefined && mayGoOn(maker, endedBefore);
}

/** Canceling that one, generations above, goes down through this run to what it made. */
function isBelowOneThatMayGoOn(state: MemoryState, run: MemoryRun, endedBefore: number): boolean {
  let below: MemoryRun | undefined = run;
  for (let generation = 0; generation < MOST_GENERATIONS; generation += 1) {
    if (below === undefined || below.isDetached || below.parentRunId === null) return false;
    below = state.runs.get(below.parentRunId);
    if (below !== undefined && mayGoOn(below, endedBefore)) return true;
  }
  return false;
}

/** An unfinished run, or one that may be retried by hand for as long as it is kept. */
function mayGoOn({ status, completedAt }: MemoryRun, endedBefore: number): boolean {
  return !isTerminal(status) || (status !== "SUCCESS" && (completedAt ?? 0) >= endedBefore);
}

function deleteRun(state: MemoryState, run: MemoryRun): void {
  state.runs.delete(run.id);
  const keyId = run.idempotencyKey === null ? null : toKeyId(run.jobId, run.idempotencyKey);
  if (keyId !== null && state.keys.get(keyId)?.runId === run.id) state.keys.delete(keyId);
  state.values.delete(`run:${run.id}`);
  for (const delivery of state.deliveries) if (delivery.runId === run.id) state.deliveries.delete(delivery);
}
