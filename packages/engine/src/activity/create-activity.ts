import type { ActivitySpan, ActivityView, FailuresView, QueuesView } from "@beckon/core/runtime";
import type { EngineParts } from "../parts.ts";
import type { EndedCount, LimitFacts } from "../store/activity.ts";
import type { Activity, JobIds } from "./activity.ts";
import { EndedCounts } from "./ended-counts.ts";
import { groupFailures } from "./group-failures.ts";
import { addLive, QueueHistory } from "./queue-history.ts";
import { summarize, summarizeJob } from "./summarize.ts";

/** Over how long, and in stretches of what length. */
const SPANS = {
  hour: { spanMs: 3_600_000, stretchMs: 60_000 },
  day: { spanMs: 86_400_000, stretchMs: 900_000 },
} as const satisfies Record<ActivitySpan, { readonly spanMs: number; readonly stretchMs: number }>;

const LIMITS_SHOWN = 50;
/** Where only some of them are shown. */
const LIMITS_LOOKED_AT = 1_000;
const COUNT_TO = 10_000;
const FAILURES_LOOKED_AT = 500;

interface Asked {
  readonly span: ActivitySpan;
  readonly of: JobIds | undefined;
}

export function createActivity(parts: EngineParts): Activity {
  const counts = {
    hour: new EndedCounts(parts.store, SPANS.hour.stretchMs),
    day: new EndedCounts(parts.store, SPANS.day.stretchMs),
  };
  const history = new QueueHistory();
  // What some jobs had waiting does not follow from what all had.
  const histories = new WeakMap<JobIds, QueueHistory>();
  const historyOf = (of: JobIds): QueueHistory => {
    const known = histories.get(of) ?? new QueueHistory();
    histories.set(of, known);
    return known;
  };
  return {
    readActivity: (span, of) => readActivity(parts, { span, of }, counts[span]),
    readFailures: (span, of) => readFailures(parts, { span, of }),
    readQueues: (of) => readQueues(parts, of === undefined ? history : historyOf(of), of),
  };
}

async function readActivity(
  { store, clock, jobs }: EngineParts,
  { span, of }: Asked,
  counts: EndedCounts,
): Promise<ActivityView> {
  const { spanMs, stretchMs } = SPANS[span];
  const to = clock.now();
  const from = Math.floor((to - spanMs) / stretchMs + 1) * stretchMs;
  const isAsked = of === undefined ? () => true : ({ jobId }: EndedCount) => of.has(jobId);
  const stretches = [...(await counts.read(from, to))].map(([at, ended]) => [at, ended.filter(isAsked)] as const);
  const all = stretches.map(([, ended]) => ended);
  const jobIds = [...jobs.keys()].filter((jobId) => of?.has(jobId) !== false);
  const lastRuns = await Promise.all(jobIds.map((jobId) => store.listRuns({ jobId, limit: 1 })));
  const { queuedMs: _queuedMs, ...total } = summarize(all.flat());
  return {
    from: new Date(from),
    to: new Date(to),
    stretchMs,
    total,
    stretches: stretches.map(([at, ended]) => ({ from: new Date(at), ...summarize(ended) })),
    jobs: jobIds.map((jobId, index) => {
      const [last] = lastRuns[index] ?? [];
      const lastRun = last && { id: last.id, status: last.status, createdAt: new Date(last.createdAt) };
      return { ...summarizeJob(jobId, all), lastRun: lastRun ?? null };
    }),
  };
}

async function readFailures({ store, clock }: EngineParts, { span, of }: Asked): Promise<FailuresView> {
  const from = clock.now() - SPANS[span].spanMs;
  const statuses = ["FAILURE", "TIMED_OUT", "EXPIRED"] as const;
  const queries = statuses.map((status) => ({ statuses: [status], from, limit: FAILURES_LOOKED_AT }));
  const wanted = of === undefined ? queries : [...of].flatMap((jobId) => queries.map((query) => ({ ...query, jobId })));
  const found = await Promise.all(wanted.map((query) => store.listRuns(query)));
  const newest = found.flat().toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const looked = newest.slice(0, FAILURES_LOOKED_AT);
  const details = await store.readRuns(looked.map(({ id }) => id));
  return {
    groups: groupFailures(details.filter((run) => run !== null)),
    looked: looked.length,
    isPartial: newest.length > looked.length || found.some((runs) => runs.length === FAILURES_LOOKED_AT),
  };
}

async function readQueues(
  { store, clock, jobs }: EngineParts,
  history: QueueHistory,
  of: JobIds | undefined,
): Promise<QueuesView> {
  const [allFacts, allLimits] = await Promise.all([
    store.listJobFacts(),
    store.listLimits({ limit: of === undefined ? LIMITS_SHOWN : LIMITS_LOOKED_AT, countTo: COUNT_TO }),
  ]);
  const facts = allFacts.filter(({ id }) => of?.has(id) !== false);
  const limits = of === undefined ? allLimits : allLimits.filter(createLimitFilter(jobs, of)).slice(0, LIMITS_SHOWN);
  const samples = history.add({
    at: new Date(clock.now()),
    live: addLive(facts.map(({ live }) => live)),
    taken: Object.fromEntries(limits.map(({ id, taken }) => [id, taken])),
  });
  return { jobs: facts.map(({ id, live }) => ({ jobId: id, live })), limits, samples };
}

/** The limits that runs of the jobs count against, and their keys' shares of them: `toShare` puts the key behind a colon. */
function createLimitFilter(jobs: EngineParts["jobs"], of: JobIds): (limit: LimitFacts) => boolean {
  const ids = [...of].flatMap((jobId) => jobs.get(jobId)?.definition.concurrencyLimit?.id ?? []);
  return ({ id }) => ids.some((own) => id === own || id.startsWith(`${own}:`));
}
