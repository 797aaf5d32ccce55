import type { CatalogDetail, RunSummary } from "@beckon/core/runtime";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { api } from "../../api/trpc.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount, formatDuration } from "../../ui/format-duration.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { RunDuration } from "../../ui/run-duration.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { STATUS_LOOK } from "../../ui/status-look.ts";
import { SuccessRate } from "../jobs/job-table.tsx";
import { TestMark } from "../runs/run-columns.tsx";

const LIVE = ["DELAYED", "QUEUED", "EXECUTING", "WAITING"] as const;

/** How the job fares, and its newest runs. */
export function JobRuns({ job }: { readonly job: CatalogDetail }) {
  return (
    <section aria-label="Runs" className="min-w-0 flex-1 bg-surface lg:overflow-y-auto">
      <Numbers job={job} />
      {job.recentRuns.length === 0 && (
        <EmptyState
          title="It has not run yet"
          command={`const run = await ${job.exportNames[0] ?? "job"}.invoke(payload);`}
        >
          Call it where you import it, or press Test above.
        </EmptyState>
      )}
      <ul className="divide-y">
        {job.recentRuns.map((run) => (
          <RunItem key={run.id} run={run} />
        ))}
      </ul>
      {job.recentRuns.length > 0 && (
        <Link to="/runs" search={{ job: job.id }} className="block px-4 py-3 text-accent hover:underline">
          All runs of this job
        </Link>
      )}
    </section>
  );
}

function RunItem({ run }: { readonly run: RunSummary }) {
  return (
    <li className="relative flex h-11 items-center gap-3 px-4 hover:bg-sunken">
      <span className="w-25 shrink-0">
        <StatusBadge status={run.status} />
      </span>
      <Link
        to="/runs/$runId"
        params={{ runId: run.id }}
        className="min-w-0 flex-1 truncate font-mono text-xs after:absolute after:inset-0 hover:text-accent"
      >
        {run.id}
      </Link>
      {run.isTest && <TestMark />}
      <span className="hidden text-ink-soft tabular-nums sm:inline">
        <RunDuration run={run} />
      </span>
      <span className="w-20 text-right text-ink-soft tabular-nums">
        <RelativeTime at={run.createdAt} />
      </span>
    </li>
  );
}

function Numbers({ job }: { readonly job: CatalogDetail }) {
  const { data } = useQuery(api.catalog.activity.queryOptions({ span: "day" }));
  const activity = data?.jobs.find(({ jobId }) => jobId === job.id);
  return (
    <dl className="grid grid-cols-2 gap-px border-b bg-line sm:grid-cols-4 [&>div]:bg-surface [&>div]:px-4 [&>div]:py-3">
      {LIVE.map((status) => (
        <div key={status}>
          <dt className="text-xs text-ink-soft">{STATUS_LOOK[status].label}</dt>
          <dd className="text-lg tabular-nums">{formatCount(job.live[status])}</dd>
        </div>
      ))}
      <div>
        <dt className="text-xs text-ink-soft">Success, last day</dt>
        <dd>{activity === undefined ? "–" : <SuccessRate {...activity} />}</dd>
      </div>
      {(["p50", "p95", "p99"] as const).map((name) => (
        <div key={name}>
          <dt className="text-xs text-ink-soft">{name}, last day</dt>
          <dd className="tabular-nums">{formatOptional(activity?.[name])}</dd>
        </div>
      ))}
    </dl>
  );
}

function formatOptional(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "–" : formatDuration(ms);
}
