import { InvalidOptionError, TRANSITIONS } from "@beckon/core/runtime";
import type { JobView, RunListQuery, RunStatus } from "@beckon/core/runtime";
import type { JobIds } from "./activity/activity.ts";
import type { Engine } from "./engine.ts";
import { explainRun } from "./explain.ts";
import { toStoredKeys } from "./idempotency-key.ts";
import type { EngineParts } from "./parts.ts";
import { notFound } from "./read-result.ts";
import { isRunId } from "./run-id.ts";
import type { RunRecord } from "./store/records.ts";
import type { RunQuery, Store } from "./store/store.ts";
import { findAroundRedacted, toLogView, toRunSummary, toRunView, toStepOutline, toTaskView } from "./to-views.ts";

const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;
const LOG_PAGE = 1_000;

/** In the order of a run's life. */
const STATUSES = [...new Set<RunStatus>(TRANSITIONS.flatMap(({ from, to }) => [...from, to]))];

type Reads = Pick<Engine, "readRun" | "listRuns" | "readTasks" | "readOutline" | "readLogs" | "listJobs" | "explain">;

/** What people and programs are shown. */
export function createReads(parts: EngineParts, problemOf: (runId: string) => string | null): Reads {
  const { store } = parts;
  const readRun: Reads["readRun"] = async (runId, of) => {
    const run = await store.readRun(runId);
    if (run === null || of?.has(run.jobId) === false) throw notFound(runId);
    return toRunView(run, await store.readStatuses(runId));
  };
  return {
    readRun,
    explain: (runId) => explainRun(store, runId, problemOf(runId)),
    listRuns: async (query, of) => {
      const limit = readLimit(query.limit ?? DEFAULT_PAGE);
      const found = await findRuns(store, toRunQuery(query, limit + 1), of);
      const runs = found.slice(0, limit);
      return { runs: runs.map(toRunSummary), nextCursor: found.length > limit ? (runs.at(-1)?.id ?? null) : null };
    },
    readOutline: async (runId) => {
      const tasks = await store.readTasks(runId);
      if (tasks.length === 0) await readRun(runId);
      return tasks.map(toStepOutline);
    },
    readTasks: async (runId, taskIds) => {
      const tasks = await store.readTasks(runId, taskIds);
      if (tasks.length === 0) await readRun(runId);
      const isPart = taskIds !== undefined && tasks.some(({ kind }) => kind === "branch");
      const aroundRedacted = findAroundRedacted(isPart ? await store.readTasks(runId) : tasks);
      return tasks.map((task) => toTaskView(task, aroundRedacted));
    },
    readLogs: async ({ runId, after = 0, limit = LOG_PAGE }) => {
      const events = await store.readEvents({ runId, after, limit: Math.min(limit, LOG_PAGE), type: "log" });
      if (events.length === 0) await readRun(runId);
      return events.flatMap((event) => (event.type === "log" ? [toLogView(event)] : []));
    },
    listJobs: async () => {
      const facts = new Map((await store.listJobFacts()).map((fact) => [fact.id, fact]));
      return [...parts.jobs.values()].map(({ definition }) => toJobView(definition, facts.get(definition.id)));
    },
  };
}

async function findRuns(store: Store, query: RunQuery, of: JobIds | undefined): Promise<readonly RunRecord[]> {
  const queries = toKeys(query).flatMap((one) => toJobs(one, of));
  const found = await Promise.all(queries.map((one) => store.listRuns(one)));
  // Ids sort as the instants of creation do: newest first, as the store gives them.
  return found.length === 1 ? (found[0] ?? []) : found.flat().toSorted(byNewest).slice(0, query.limit);
}

/** A list as key, and a text that reads like its JSON, are two keys that are searched for by one text. No run has both. */
function toKeys(query: RunQuery): readonly RunQuery[] {
  const { search } = query;
  return search === undefined ? [query] : toStoredKeys(search).map((key) => ({ ...query, search: key }));
}

/** An index leads to the runs of one job, none to those of some. */
function toJobs(query: RunQuery, of: JobIds | undefined): readonly RunQuery[] {
  if (of === undefined) return [query];
  if (query.jobId !== undefined) return of.has(query.jobId) ? [query] : [];
  return [...of].map((jobId) => ({ ...query, jobId }));
}

function byNewest(left: RunRecord, right: RunRecord): number {
  return left.id < right.id ? 1 : -1;
}

function toJobView(
  definition: { readonly id: string; readonly name: string; readonly version: string; readonly enabled: boolean },
  fact: Awaited<ReturnType<EngineParts["store"]["listJobFacts"]>>[number] | undefined,
): JobView {
  const { id, name, version, enabled } = definition;
  return {
    id,
    name,
    version,
    isEnabled: enabled,
    isPaused: fact?.isPaused ?? false,
    live: fact?.live ?? { DELAYED: 0, QUEUED: 0, EXECUTING: 0, WAITING: 0 },
    versions: (fact?.versions ?? []).map((one) => ({ version: one.version, firstSeenAt: new Date(one.firstSeenAt) })),
  };
}

function readLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= LARGEST_PAGE) return limit;
  throw new InvalidOptionError("limit", `${limit} is not a page size: give a whole number from 1 to ${LARGEST_PAGE}`);
}

/** Of a status that there is not no run would be found, which reads as if there were none in the one that was meant. */
function readStatuses(status: RunListQuery["status"]): readonly RunStatus[] | undefined {
  const statuses = typeof status === "string" ? [status] : status;
  const unknown = statuses?.find((one) => !STATUSES.includes(one));
  if (unknown === undefined) return statuses;
  throw new InvalidOptionError("status", `${JSON.stringify(unknown)} is no status; known are ${STATUSES.join(", ")}`);
}

/** A page goes on behind a run: any other text would be compared with ids all the same, and begin somewhere. */
function readCursor(cursor: string | undefined): string | undefined {
  if (cursor === undefined || isRunId(cursor)) return cursor;
  throw new InvalidOptionError("cursor", `${JSON.stringify(cursor)} is none: give nextCursor of the page before`);
}

function toRunQuery(query: RunListQuery, limit: number): RunQuery {
  return {
    jobId: query.job,
    statuses: readStatuses(query.status),
    tag: query.tag,
    version: query.version,
    isTest: query.isTest,
    from: query.from?.getTime(),
    to: query.to?.getTime(),
    parentRunId: query.parent,
    accountId: query.accountId,
    search: query.search,
    before: readCursor(query.cursor),
    limit,
  };
}
