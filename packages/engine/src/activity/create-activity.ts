import type { ActivitySpan, ActivityView, FailuresView, QueuesView } from "@beckon/core/runtime";
import type { EngineParts } from "../parts.ts";
import type { Activity } from "./activity.ts";
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
const COUNT_TO = 10_000;
const FAILURES_LOOKED_AT = 500;

export function createActivity(parts: EngineParts): Activity {
  const counts = {
    hour: new EndedCounts(parts.store, SPANS.hour.stretchMs),
    day: new EndedCounts(parts.store, SPANS.day.stretchMs),
  };
  const history = new QueueHistory();
  return {
    readActivity: (span) => readActivity(parts, span, counts[span]),
    readFailures: (span) => readFailures(parts, span),
    readQueues: () => readQueues(parts, history),
  };
}

async function readActivity(
  { store, clock, jobs }: EngineParts,
  span: ActivitySpan,
  counts: EndedCounts,
): Promise<ActivityView> {
  const { spanMs, stretchMs } = SPANS[span];
  const to = clock.now();
  const from = Math.floor((to - spanMs) / stretchMs + 1) * stretchMs;
  const stretches = await counts.read(from, to);
  const all = [...stretches.values()];
  const lastRuns = await Promise.all([...jobs.keys()].map((jobId) => store.listRuns({ jobId, limit: 1 })));
  const { queuedMs: _queuedMs, ...total } = summarize(all.flat());
  return {
    from: new Date(from),
    to: new Date(to),
    stretchMs,
    total,
    stretches: [...stretches].map(([at, ended]) => ({ from: new Date(at), ...summarize(ended) })),
    jobs: [...jobs.keys()].map((jobId, index) => {
      const [last] = lastRuns[index] ?? [];
      const lastRun = last && { id: last.id, status: last.status, createdAt: new Date(last.createdAt) };
      return { ...summarizeJob(jobId, all), lastRun: lastRun ?? null };
    }),
  };
}

async function readFailures({ store, clock }: EngineParts, span: ActivitySpan): Promise<FailuresView> {
  const from = clock.now() - SPANS[span].spanMs;
  const statuses = ["FAILURE", "TIMED_OUT", "EXPIRED"] as const;
  const found = await Promise.all(
    statuses.map((status) => store.listRuns({ statuses: [status], from, limit: FAILURES_LOOKED_AT })),
  );
  const newest = found.flat().toSorted((one, other) => (one.id < other.id ? 1 : -1));
  const looked = newest.slice(0, FAILURES_LOOKED_AT);
  const details = await store.readRuns(looked.map(({ id }) => id));
  return {
    groups: groupFailures(details.filter((run) => run !== null)),
    looked: looked.length,
    isPartial: newest.length > looked.length || found.some((runs) => runs.length === FAILURES_LOOKED_AT),
  };
}

async function readQueues({ store, clock }: EngineParts, history: QueueHistory): Promise<QueuesView> {
  const [facts, limits] = await Promise.all([
    store.listJobFacts(),
    store.listLimits({ limit: LIMITS_SHOWN, countTo: COUNT_TO }),
  ]);
  const samples = history.add({
    at: new Date(clock.now()),
    live: addLive(facts.map(({ live }) => live)),
    taken: Object.fromEntries(limits.map(({ id, taken }) => [id, taken])),
  });
  return { jobs: facts.map(({ id, live }) => ({ jobId: id, live })), limits, samples };
}
