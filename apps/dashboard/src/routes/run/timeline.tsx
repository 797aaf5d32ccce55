import { isTerminal, type RunView, type StepOutline } from "@beckon/core/runtime";
import { useEffect, useMemo, useState } from "react";
import { useNow } from "../../ui/now.ts";
import { useVirtualRows } from "../../ui/use-virtual-rows.ts";
import { RunRow } from "./run-row.tsx";
import type { Segments } from "./run-segments.ts";
import { StepRowView } from "./step-row.tsx";
import { toStepRows } from "./step-tree.ts";
import { TimeAxis } from "./time-axis.tsx";
import type { TimeWindow } from "./time-window.ts";
import { ROW_PX } from "./timeline-row.tsx";
import type { Children } from "./use-children.ts";
import { useTimelineKeys } from "./use-timeline-keys.ts";
import { useZoomKeys } from "./use-zoom-keys.ts";

interface TimelineProps {
  readonly run: RunView;
  readonly steps: readonly StepOutline[];
  readonly segments: Segments;
  readonly childRuns: Children;
  /** null: the run itself. */
  readonly chosenId: string | null;
  readonly onChoose: (stepId: string | null) => void;
}

/** The run's steps as an outline, and beside each the time it took. */
export function Timeline({ run, steps, segments, childRuns, chosenId, onChoose }: TimelineProps) {
  const { folded, onFold } = useFolded(chosenId, onChoose);
  const [chosenWindow, setWindow] = useState<TimeWindow | null>(null);
  const runEndedAt = endOf(run);
  const all = useWholeTime(run);
  const window = chosenWindow ?? all;
  const rows = useMemo(() => toStepRows(steps, folded), [steps, folded]);
  const index = rows.findIndex(({ step }) => step.id === chosenId) + 1;
  const { scroller, virtual, items } = useVirtualRows({ count: rows.length + 1, rowPx: ROW_PX });
  // oxlint-disable-next-line react/exhaustive-deps -- only a choice is scrolled to: steps that come above it leave the reader where he is
  useEffect(() => virtual.scrollToIndex(index, { align: "auto" }), [chosenId, virtual]);
  useZoomKeys({ window, all, onWindow: setWindow, focus: () => scroller.current?.focus() });
  const place = (at: number, start: number) => ({ id: `row-${at}`, start, isChosen: at === index, window, all });
  const shared = { runEndedAt, segments, childRuns, folded, onFold, onChoose };
  const keys = useTimelineKeys({ rows, index, folded, window, all, onChoose, onFold, onWindow: setWindow });
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
          <RunRow run={run} segments={segments.run} onChoose={() => onChoose(null)} {...place(0, 0)} />
          {items.map(({ index: at, start }) => {
            const row = rows[at - 1];
            return row && <StepRowView key={row.step.id} row={row} {...shared} {...place(at, start)} />;
          })}
        </div>
      </div>
    </section>
  );
}

/** Which steps are folded. One that the chosen step is folded into is chosen in its place. */
function useFolded(chosenId: string | null, onChoose: (stepId: string) => void) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const onFold = (next: ReadonlySet<string>): void => {
    setFolded(next);
    const around = [...next].find((id) => !folded.has(id) && chosenId?.startsWith(`${id}/`));
    if (around !== undefined) onChoose(around);
  };
  return { folded, onFold };
}

/** From the run's birth to its end, or to now. */
function useWholeTime(run: RunView): TimeWindow {
  const now = useNow();
  const from = run.createdAt.getTime();
  return { from, to: Math.max(endOf(run) ?? now, from + 5) };
}

/** null: it goes on, perhaps once more after it had ended. */
function endOf({ status, completedAt }: RunView): number | null {
  return isTerminal(status) ? (completedAt?.getTime() ?? null) : null;
}
