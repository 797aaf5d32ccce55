import { decode, isTerminal, NotFoundError } from "@beckon/core/runtime";
import type { BeckonError, DeclaredError, RunResult, StatusRecord } from "@beckon/core/runtime";
import type { RunDetail, StatusWrite } from "./store/records.ts";
import type { Store } from "./store/store.ts";

/**
 * The results of runs, in the order asked for; null for one that is not finished.
 * @throws NotFoundError, where a job is named also for a run of another one
 */
export async function readResults(
  store: Store,
  runIds: readonly string[],
  jobId?: string,
): Promise<readonly (RunResult<unknown, unknown> | null)[]> {
  const details = await store.readRuns(runIds);
  return Promise.all(
    details.map(async (detail, index) => {
      if (detail === null || !isOfJob(detail, jobId)) throw notFound(runIds[index] ?? "", jobId);
      return isTerminal(detail.status) ? toRunResult(detail, store) : null;
    }),
  );
}

/** Whether a run is one of the job; where none is named, every run is. */
export function isOfJob(run: { readonly jobId: string }, jobId: string | undefined): boolean {
  return jobId === undefined || run.jobId === jobId;
}

/** A run of another job than the named one is as one that is not there: whose it is, its asker may not be allowed to know. */
export function notFound(runId: string, jobId?: string): NotFoundError {
  const owner = jobId === undefined ? "" : ` of job "${jobId}"`;
  return new NotFoundError(
    `There is no run "${runId}" here${owner}: check the id; finished runs are deleted when their retention is over.`,
  );
}

/** A run that nothing was told of has these at most: that it was made, that it began, and how it ended. */
export const EVENTS_OF_EVERY_RUN = 3;

/** The result of a finished run; a promise of it where its status records have to be read. */
export function toRunResult(
  run: RunDetail,
  store: Store,
): RunResult<unknown, unknown> | Promise<RunResult<unknown, unknown>> {
  // Each status record came with an event.
  if (run.eventCount <= EVENTS_OF_EVERY_RUN) return resultOf(run, []);
  return store.readStatuses(run.id).then((statuses) => resultOf(run, statuses.map(toStatusRecord)));
}

/** A finished run as its callers see it. */
function resultOf(run: RunDetail, statuses: readonly StatusRecord[]): RunResult<unknown, unknown> {
  return {
    ...endOf(run),
    id: run.id,
    job: { id: run.jobId, version: run.jobVersion },
    isTest: run.isTest,
    createdAt: new Date(run.createdAt),
    startedAt: toDate(run.startedAt),
    completedAt: new Date(run.completedAt ?? run.createdAt),
    executionDurationInMs: run.executionMs,
    executionCount: run.executionCount,
    statuses,
    invocation: {
      payload: decode(run.input),
      context: decodeOptional(run.context),
      timestamp: new Date(run.createdAt),
    },
  };
}

function endOf(run: RunDetail) {
  const { status } = run;
  if (!isTerminal(status)) throw new Error(`Run ${run.id} is ${status}, and only a finished run has a result.`);
  if (status === "SUCCESS") return { ok: true, status, output: decodeOptional(run.output) } as const;
  return { ok: false, status, error: errorOf(run) } as const;
}

/** The error a run ended with, or that its last attempt ended with. Some ends say all there is to say by their status. */
export function errorOf(run: RunDetail): BeckonError | DeclaredError {
  if (run.error !== null) return decode(run.error) as BeckonError | DeclaredError;
  switch (run.status) {
    case "CANCELED":
      return { code: "CANCELED", message: `Run ${run.id} was canceled.` };
    case "EXPIRED":
      return { code: "EXPIRED", message: `Run ${run.id} was not started within its ttl of ${run.ttlMs ?? 0} ms.` };
    default:
      return {
        code: "TIMED_OUT",
        message: `Run ${run.id} executed for longer than its maximum duration of ${run.maxDurationMs ?? 0} ms.`,
      };
  }
}

export function toStatusRecord({ key, label, state, data, updatedAt }: StatusWrite): StatusRecord {
  return { key, label, state, data: decodeOptional(data), updatedAt: new Date(updatedAt) };
}

export function decodeOptional(text: string | null): unknown {
  return text === null ? undefined : decode(text);
}

export function toDate(at: number | null): Date | null {
  return at === null ? null : new Date(at);
}
