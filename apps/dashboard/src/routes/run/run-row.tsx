import type { RunView } from "@beckon/core/runtime";
import { cn } from "../../ui/class-names.ts";
import { formatDuration } from "../../ui/format-duration.ts";
import { RunStatusMark } from "../../ui/status-badge.tsx";
import { Bars } from "./bars.tsx";
import type { Segment } from "./run-segments.ts";
import { OUTLINE } from "./time-axis.tsx";
import { type PlacedRow, TimelineRow } from "./timeline-row.tsx";

interface RunRowProps extends PlacedRow {
  readonly run: RunView;
  readonly segments: readonly Segment[];
}

/** The run itself, above its steps: how long it was queued, executing and waiting. */
export function RunRow({ run, segments, ...row }: RunRowProps) {
  const whole: Segment = {
    from: run.createdAt.getTime(),
    to: run.completedAt?.getTime() ?? null,
    status: run.status,
    attempt: run.attempt,
  };
  const shown = segments.length > 0 ? segments : [whole];
  return (
    <TimelineRow {...row} level={1} isExpanded>
      <div className={cn(OUTLINE, "flex items-center gap-1.5 pr-2 pl-4 font-medium")}>
        <RunStatusMark status={run.status} />
        <span className="truncate">{run.job.id}</span>
      </div>
      <Bars segments={shown} window={row.window} end={row.all.to} label={formatDuration(row.all.to - row.all.from)} />
    </TimelineRow>
  );
}
