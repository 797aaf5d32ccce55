import type { RunView } from "@beckon/engine";
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "../../ui/class-names.ts";
import { formatDuration } from "../../ui/format-duration.ts";
import { TaskStatusMark } from "../../ui/status-badge.tsx";
import { STATUS_LOOK } from "../../ui/status-look.ts";
import { Bars } from "./bars.tsx";
import type { Segment } from "./run-segments.ts";
import { STEP_LOOK } from "./step-look.ts";
import type { StepRow } from "./step-tree.ts";
import { OUTLINE } from "./time-axis.tsx";
import type { TimeWindow } from "./time-window.ts";

export const ROW_PX = 32;
const INDENT_PX = 16;

interface PlacedRow {
  readonly id: string;
  readonly start: number;
  readonly isChosen: boolean;
  readonly window: TimeWindow;
  readonly all: TimeWindow;
  readonly onChoose: () => void;
}

interface RunRowProps extends PlacedRow {
  readonly run: RunView;
  readonly segments: readonly Segment[];
}

/** The run itself, above its steps: how long it was queued, executing and waiting. */
export function RunRow({ run, segments, ...row }: RunRowProps) {
  const { Icon, color } = STATUS_LOOK[run.status];
  const whole: Segment = {
    from: run.createdAt.getTime(),
    to: run.completedAt?.getTime() ?? null,
    status: run.status,
    attempt: run.attempt,
  };
  const shown = segments.length > 0 ? segments : [whole];
  return (
    <Row {...row} level={1} isExpanded>
      <div className={cn(OUTLINE, "flex items-center gap-1.5 pr-2 pl-4 font-medium")}>
        <Icon aria-hidden className={cn("size-3.5 shrink-0", color)} />
        <span className="truncate">{run.job.id}</span>
      </div>
      <Bars segments={shown} window={row.window} end={row.all.to} label={formatDuration(row.all.to - row.all.from)} />
    </Row>
  );
}

interface StepRowViewProps extends PlacedRow {
  readonly row: StepRow;
  readonly segments: readonly Segment[] | undefined;
  readonly isFolded: boolean;
  readonly onFold: () => void;
}

/** One step. */
export function StepRowView({
  row: { step, level, hasChildren },
  segments,
  isFolded,
  onFold,
  ...row
}: StepRowViewProps) {
  const { label, Icon } = STEP_LOOK[step.kind];
  const from = step.startedAt.getTime();
  const to = step.completedAt?.getTime() ?? null;
  const shown = segments ?? [{ from, to, status: step.status, attempt: step.attempt }];
  return (
    <Row {...row} level={level + 1} {...(hasChildren && { isExpanded: !isFolded })}>
      <div
        className={cn(OUTLINE, "flex items-center gap-1.5 pr-2")}
        style={{ paddingLeft: 16 + level * INDENT_PX - 14 }}
      >
        <span className="flex w-3.5 shrink-0">
          {hasChildren && (
            // The keys that fold are the tree's own; this is for the mouse.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- see above
            <span
              aria-hidden
              className="cursor-pointer text-ink-faint"
              onClick={(event) => {
                event.stopPropagation();
                onFold();
              }}
            >
              <ChevronRight className={cn("size-3.5", !isFolded && "rotate-90")} />
            </span>
          )}
        </span>
        <TaskStatusMark status={step.status} />
        <Icon aria-label={label} className="size-3.5 shrink-0 text-ink-faint" />
        <span className="truncate" title={step.name}>
          {step.name}
        </span>
        {step.attempt > 1 && <span className="shrink-0 text-2xs text-ink-faint">×{step.attempt}</span>}
      </div>
      <Bars segments={shown} window={row.window} end={row.all.to} label={formatDuration((to ?? row.all.to) - from)} />
    </Row>
  );
}

interface RowProps extends PlacedRow {
  readonly level: number;
  readonly isExpanded?: boolean;
  readonly children: ReactNode;
}

function Row({ id, start, isChosen, level, isExpanded, onChoose, children }: RowProps) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus -- the tree has the focus and its keys, and names this row as the active one
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-selected={isChosen}
      {...(isExpanded !== undefined && { "aria-expanded": isExpanded })}
      onClick={onChoose}
      style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
      className={cn(
        "absolute inset-x-0 flex cursor-pointer items-center",
        isChosen ? "bg-accent-soft" : "hover:bg-sunken",
      )}
    >
      {children}
    </div>
  );
}
