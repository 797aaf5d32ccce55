import { cn } from "../../ui/class-names.ts";
import { lookOfTask, STATUS_LOOK, UNFINISHED_LOOK } from "../../ui/status-look.ts";
import type { Segment } from "./run-segments.ts";
import { DURATION } from "./time-axis.tsx";
import { percentOf, type TimeWindow } from "./time-window.ts";

interface BarsProps {
  readonly segments: readonly Segment[];
  readonly window: TimeWindow;
  /** Where what goes on ends for now. */
  readonly end: number;
  /** How long it took, at the right. */
  readonly label: string;
}

/** Stretches in which nothing is done show as a line. */
const IDLE: ReadonlySet<string> = new Set(["WAITING", "QUEUED", "DELAYED"]);

/** A row's stretches of time as bars on the axis. */
export function Bars({ segments, window, end, label }: BarsProps) {
  return (
    <>
      <div className="relative h-full min-w-0 flex-1 overflow-hidden">
        {segments.map((segment, index) => {
          const left = Math.max(percentOf(segment.from, window), -1);
          const width = Math.min(percentOf(segment.to ?? end, window), 101) - left;
          return (
            <span
              // By its place: one that was another as soon as more is known took a click with it that had begun.
              key={index}
              style={{ left: `min(${left}%, 100% - 3px)`, width: `max(${width}%, 3px)` }}
              title={`${lookOf(segment).label}${segment.attempt > 1 ? `, attempt ${segment.attempt}` : ""}`}
              className={cn(
                "absolute top-1/2 -translate-y-1/2 rounded-[3px]",
                width < 0 && "hidden",
                IDLE.has(segment.status) ? "h-1 opacity-50" : "h-3.5",
                lookOf(segment).fill,
                segment.to === null && "animate-pulse",
              )}
            />
          );
        })}
      </div>
      <span className={cn(DURATION, "pr-4 text-right text-2xs text-ink-soft tabular-nums")}>{label}</span>
    </>
  );
}

/** An attempt that is over and came to nothing was left, as when its run was canceled. */
function lookOf({ status, to }: Segment) {
  if (status !== "RUNNING") return STATUS_LOOK[status];
  return to === null ? lookOfTask(status, false) : UNFINISHED_LOOK;
}
