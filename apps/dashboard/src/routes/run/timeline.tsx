import { isTerminal } from "@beckon/core/runtime";
import type { RunSummary, RunView, StepOutline } from "@beckon/engine";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useNow } from "../../ui/now.ts";
import { segmentsOf } from "./row-segments.ts";
import { RunRow } from "./run-row.tsx";
import type { Segments } from "./run-segments.ts";
import { StepRowView } from "./step-row.tsx";
import { toStepRows } from "./step-tree.ts";
import { TimeAxis } from "./time-axis.tsx";
import type { TimeWindow } from "./time-window.ts";
import { ROW_PX } from "./timeline-row.tsx";
import { useTimelineKeys } from "./use-timeline-keys.ts";

interface TimelineProps {
  readonly run: RunView;
  readonly steps: readonly StepOutline[];
  readonly segments: Segments;
  readonly childRuns: ReadonlyMap<string, RunSummary>;
  /** null: the run itself. */
  readonly chosenId: string | null;
  readonly onChoose: (stepId: string | null) => void;
}

/** The run's steps as an outline, and beside each the time it took. */
export function Timeline({ run, steps, segments, childRuns, chosenId, onChoose }: TimelineProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosenWindow, setWindow] = useState<TimeWindow | null>(null);
  const all = useWholeTime(run);
  const window = chosenWindow ?? all;
  const rows = useMemo(() => toStepRows(steps, folded), [steps, folded]);
  const index = rows.findIndex(({ step }) => step.id === chosenId) + 1;
  const virtual = useVirtualizer({
    count: rows.length + 1,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
  });
  useEffect(() => virtual.scrollToIndex(index, { align: "auto" }), [index, virtual]);
  const keys = useTimelineKeys({ rows, index, folded, window, all, onChoose, onFold: setFolded, onWindow: setWindow });
  return (
    <section aria-label="Timeline" className="flex min-h-72 min-w-0 flex-1 flex-col bg-surface lg:border-r">
      <TimeAxis window={window} all={all} onWindow={setWindow} />
      <div
        ref={scroller}
        role="tree"
        aria-label="Steps of the run"
        tabIndex={0}
        aria-activedescendant={`row-${index}`}
        onKeyDown={keys}
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto focus-visible:outline-offset-[-2px]"
      >
        <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index - 1];
            const shared = { start: item.start, id: `row-${item.index}`, isChosen: item.index === index, window, all };
            if (item.index === 0) {
              return <RunRow key="run" run={run} segments={segments.run} onChoose={() => onChoose(null)} {...shared} />;
            }
            if (row === undefined) return null;
            return (
              <StepRowView
                key={row.step.id}
                row={row}
                segments={segmentsOf(
                  row.step,
                  segments.steps.get(row.step.id),
                  childRuns.get(row.step.childRunId ?? ""),
                )}
                childStatus={row.step.kind === "child" ? childRuns.get(row.step.childRunId ?? "")?.status : undefined}
                isFolded={folded.has(row.step.id)}
                onChoose={() => onChoose(row.step.id)}
                onFold={() => setFolded(toggled(folded, row.step.id))}
                {...shared}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
}

/** From the run's birth to its end, or to now. */
function useWholeTime(run: RunView): TimeWindow {
  const now = useNow();
  const from = run.createdAt.getTime();
  const end = isTerminal(run.status) ? (run.completedAt?.getTime() ?? now) : now;
  return { from, to: Math.max(end, from + 5) };
}

export function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}
