import type { RunSummary } from "@beckon/core/runtime";
import { Link } from "@tanstack/react-router";
import { createColumnHelper, tableFeatures } from "@tanstack/react-table";
import { FlaskConical } from "lucide-react";
import { RelativeTime } from "../../ui/relative-time.tsx";
import { RunDuration } from "../../ui/run-duration.tsx";
import { StatusBadge } from "../../ui/status-badge.tsx";

export const features = tableFeatures({});
const helper = createColumnHelper<typeof features, RunSummary>();

/** Which columns a narrow screen does without, and how wide each is. */
export const COLUMN_LAYOUT: Readonly<Record<string, string>> = {
  status: "w-27 shrink-0",
  run: "min-w-0 flex-1",
  tags: "hidden lg:flex w-48 shrink-0",
  duration: "hidden sm:flex w-24 shrink-0 justify-end tabular-nums",
  attempt: "hidden md:flex w-18 shrink-0 justify-end tabular-nums",
  created: "w-20 shrink-0 justify-end tabular-nums",
};

export const runColumns = helper.columns([
  helper.display({ id: "status", header: "Status", cell: ({ row }) => <StatusBadge status={row.original.status} /> }),
  helper.display({ id: "run", header: "Run", cell: ({ row }) => <RunCell run={row.original} /> }),
  helper.display({ id: "tags", header: "Tags", cell: ({ row }) => <Tags tags={row.original.tags} /> }),
  helper.display({ id: "attempt", header: "Attempt", cell: ({ row }) => row.original.attempt }),
  helper.display({ id: "duration", header: "Duration", cell: ({ row }) => <RunDuration run={row.original} /> }),
  helper.display({
    id: "created",
    header: "Created",
    cell: ({ row }) => (
      <span className="text-ink-soft">
        <RelativeTime at={row.original.createdAt} />
      </span>
    ),
  }),
]);

function RunCell({ run }: { readonly run: RunSummary }) {
  return (
    <div className="flex min-w-0 flex-1 flex-col leading-4.5 md:flex-row md:items-center md:gap-3">
      <span className="flex min-w-0 items-center gap-1.5 md:w-44 md:shrink-0">
        <span className="truncate font-medium">{run.job.id}</span>
        {run.isTest && <TestMark />}
      </span>
      <Link
        to="/runs/$runId"
        params={{ runId: run.id }}
        data-run-link
        className="truncate font-mono text-xs text-ink-soft after:absolute after:inset-0 hover:text-accent"
      >
        {run.id}
      </Link>
    </div>
  );
}

export function TestMark() {
  return (
    <span title="Test run" className="inline-flex text-waiting">
      <FlaskConical aria-hidden className="size-3.5" />
      <span className="sr-only">test run</span>
    </span>
  );
}

function Tags({ tags }: { readonly tags: readonly string[] }) {
  return (
    <span className="flex min-w-0 gap-1 overflow-hidden">
      {tags.map((tag) => (
        <span key={tag} className="truncate rounded bg-sunken px-1.5 text-xs text-ink-soft">
          {tag}
        </span>
      ))}
    </span>
  );
}
