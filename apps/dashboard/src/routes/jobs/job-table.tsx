import type { JobActivity } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import { FlaskConical, Pause } from "lucide-react";
import type { ReactNode } from "react";
import { buttonClass } from "../../ui/button.tsx";
import { cn } from "../../ui/class-names.ts";
import { formatCount, formatDuration } from "../../ui/format-duration.ts";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { Sparkline } from "../../ui/sparkline.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";
import { formatRate, type JobRow, successRateOf } from "./job-rows.ts";

const HEAD = "px-3 py-2 text-left font-normal";
const CELL = "px-3 py-2 align-middle";

export function JobTable({ rows }: { readonly rows: readonly JobRow[] }) {
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <table className="w-full border-collapse">
        <thead className="sticky top-0 z-10 bg-canvas text-xs text-ink-soft">
          <tr className="border-b">
            <th className={cn(HEAD, "pl-4")}>Job</th>
            <th className={cn(HEAD, "hidden md:table-cell")}>Version</th>
            <th className={cn(HEAD, "hidden sm:table-cell")}>Last run</th>
            <th className={HEAD}>Success</th>
            <th className={cn(HEAD, "hidden lg:table-cell")}>Duration, last day</th>
            <th className={cn(HEAD, "hidden text-right sm:table-cell")}>Queued</th>
            <th className={cn(HEAD, "hidden text-right md:table-cell")}>Executing</th>
            <th className={cn(HEAD, "pr-4")}>
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.job.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row: { job, activity } }: { readonly row: JobRow }) {
  return (
    <tr className="relative border-b bg-surface hover:bg-sunken">
      <td className={cn(CELL, "pl-4")}>
        <JobName job={job} />
      </td>
      <td className={cn(CELL, "hidden tabular-nums md:table-cell")}>{job.version}</td>
      <td className={cn(CELL, "hidden sm:table-cell")}>
        {activity === null ? <Unknown /> : <LastRun run={activity.lastRun} />}
      </td>
      <td className={CELL}>{activity === null ? <Unknown /> : <SuccessRate {...activity} />}</td>
      <td className={cn(CELL, "hidden lg:table-cell")}>
        {activity === null ? <Unknown /> : <Durations {...activity} />}
      </td>
      <td className={cn(CELL, "hidden text-right tabular-nums sm:table-cell")}>{formatCount(job.live.QUEUED)}</td>
      <td className={cn(CELL, "hidden text-right tabular-nums md:table-cell")}>{formatCount(job.live.EXECUTING)}</td>
      <td className={cn(CELL, "pr-4 text-right")}>
        <Link
          to="/jobs/$jobId/test"
          params={{ jobId: job.id }}
          aria-label={`Test ${job.name}`}
          className={cn(buttonClass("plain", "sm"), "relative z-[1]")}
        >
          <FlaskConical aria-hidden />
          Test
        </Link>
      </td>
    </tr>
  );
}

function JobName({ job }: { readonly job: JobRow["job"] }) {
  return (
    <>
      <Link
        to="/jobs/$jobId"
        params={{ jobId: job.id }}
        className="font-medium after:absolute after:inset-0 hover:text-accent"
      >
        {job.name}
      </Link>
      <div className="flex flex-wrap items-center gap-x-2 font-mono text-xs text-ink-soft">
        {job.id}
        {!job.isEnabled && <Mark>disabled</Mark>}
        {job.isPaused && (
          <Mark>
            <Pause aria-hidden className="size-3" />
            paused
          </Mark>
        )}
      </div>
    </>
  );
}

/** In the place of what is not known, or is nothing to count. */
function Unknown() {
  return <span className="text-ink-faint">–</span>;
}

function LastRun({ run }: { readonly run: JobActivity["lastRun"] }) {
  if (run === null) return <span className="text-ink-faint">never</span>;
  return (
    <span className="flex items-center gap-2">
      <StatusBadge status={run.status} />
      <span className="text-ink-soft">
        <RelativeTime at={run.createdAt} />
      </span>
    </span>
  );
}

function Mark({ children }: { readonly children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1 rounded bg-sunken px-1.5 font-sans text-2xs text-warning">
      {children}
    </span>
  );
}

export function SuccessRate({ succeeded, failed }: { readonly succeeded: number; readonly failed: number }) {
  const rate = successRateOf({ succeeded, failed });
  if (rate === null) return <Unknown />;
  return (
    <span
      className="flex items-center gap-2 tabular-nums"
      title={`${succeeded} succeeded, ${failed} failed in the last day`}
    >
      <span aria-hidden className="hidden h-1.5 w-14 overflow-hidden rounded-full bg-failure sm:block">
        <span className="block h-full bg-success" style={{ width: `${rate * 100}%` }} />
      </span>
      {formatRate(rate)}
    </span>
  );
}

function Durations({ medians, p50, p95 }: Pick<NonNullable<JobRow["activity"]>, "medians" | "p50" | "p95">) {
  if (p50 === null) return <Unknown />;
  const label = `Half took up to ${formatDuration(p50)}, 95 of 100 up to ${formatDuration(p95 ?? p50)}`;
  return (
    <span className="flex items-center gap-3" title={label}>
      <Sparkline values={medians} label={label} />
      <span className="text-xs text-ink-soft tabular-nums">{formatDuration(p50)}</span>
    </span>
  );
}
