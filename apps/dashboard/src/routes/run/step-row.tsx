import type { RunSummary, StepOutline } from "@beckon/core/runtime";
import { ChevronRight } from "lucide-react";
import { cn } from "../../ui/class-names.ts";
import { formatDuration } from "../../ui/format-duration.ts";
import { MadeMark, RunStatusMark, TaskStatusMark } from "../../ui/status-badge.tsx";
import { Bars } from "./bars.tsx";
import { hasMadeRun } from "./has-made-run.ts";
import { readableName } from "./readable-name.ts";
import { segmentsOf } from "./row-segments.ts";
import type { Segment, Segments } from "./run-segments.ts";
import { STEP_LOOK } from "./step-look.ts";
import type { StepRow } from "./step-tree.ts";
import { OUTLINE } from "./time-axis.tsx";
import { type PlacedRow, TimelineRow } from "./timeline-row.tsx";
import { useChild } from "./use-child.ts";
import type { Children } from "./use-children.ts";

const INDENT_PX = 16;

interface StepRowViewProps extends Omit<PlacedRow, "onChoose"> {
  readonly row: StepRow;
  /** null: the run goes on. */
  readonly runEndedAt: number | null;
  /** What events tell of all steps, as far as they were read. */
  readonly segments: Segments;
  /** The runs that steps made: how they go matters, not that they were made. */
  readonly childRuns: Children;
  readonly folded: ReadonlySet<string>;
  readonly onFold: (folded: ReadonlySet<string>) => void;
  readonly onChoose: (stepId: string) => void;
}

/** One step. */
export function StepRowView(props: StepRowViewProps) {
  const { row, runEndedAt, segments: all, childRuns, folded, onFold, onChoose, ...placed } = props;
  const { step, level, hasChildren } = row;
  const child = useChild(step, childRuns);
  const segments = segmentsOf(step, { runEndedAt, told: all.steps.get(step.id), child });
  const isFolded = folded.has(step.id);
  const { label, Icon } = STEP_LOOK[step.kind];
  const name = readableName(step.name);
  return (
    <TimelineRow
      {...placed}
      onChoose={() => onChoose(step.id)}
      level={level + 1}
      {...(hasChildren && { isExpanded: !isFolded })}
    >
      <div className={cn(OUTLINE, "flex items-center gap-1.5 pr-2")} style={{ paddingLeft: 2 + level * INDENT_PX }}>
        <Fold isShown={hasChildren} isFolded={isFolded} onFold={() => onFold(toggled(folded, step.id))} />
        <StepMark step={step} child={child} isRunOver={runEndedAt !== null} />
        <Icon aria-label={label} className="size-3.5 shrink-0 text-ink-faint" />
        <span className="truncate" title={name}>
          {name}
        </span>
        <Attempts step={step} />
      </div>
      <Bars segments={segments} window={placed.window} end={placed.all.to} label={lengthOf(segments, placed.all.to)} />
    </TimelineRow>
  );
}

/** How long all of it took, up to `end` where it goes on; empty where nothing is known of that. */
function lengthOf(segments: readonly Segment[], end: number): string {
  const [first] = segments;
  return first === undefined ? "" : formatDuration((segments.at(-1)?.to ?? end) - first.from);
}

interface StepMarkProps {
  readonly step: StepOutline;
  readonly child: RunSummary | undefined;
  readonly isRunOver: boolean;
}

function StepMark({ step, child, isRunOver }: StepMarkProps) {
  if (child !== undefined) return <RunStatusMark status={child.status} />;
  return hasMadeRun(step) ? <MadeMark /> : <TaskStatusMark status={step.status} isRunOver={isRunOver} />;
}

function Attempts({ step }: { readonly step: StepOutline }) {
  if (step.attempt === 1) return null;
  return (
    <span className="shrink-0 text-2xs text-ink-faint" title={`Attempt ${step.attempt}`}>
      ×{step.attempt}
    </span>
  );
}

interface FoldProps {
  readonly isShown: boolean;
  readonly isFolded: boolean;
  readonly onFold: () => void;
}

/** For the mouse; by keyboard the tree's own keys fold. */
function Fold({ isShown, isFolded, onFold }: FoldProps) {
  return (
    <span className="flex w-3.5 shrink-0">
      {isShown && (
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
  );
}

function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(member)) next.add(member);
  return next;
}
