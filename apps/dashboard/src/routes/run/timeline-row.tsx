import type { ReactNode } from "react";
import { cn } from "../../ui/class-names.ts";
import type { TimeWindow } from "./time-window.ts";

export const ROW_PX = 32;

/** Where a row lies, and what time its bars show. */
export interface PlacedRow {
  readonly id: string;
  readonly start: number;
  readonly isChosen: boolean;
  readonly window: TimeWindow;
  readonly all: TimeWindow;
  readonly onChoose: () => void;
}

interface TimelineRowProps extends PlacedRow {
  readonly level: number;
  readonly isExpanded?: boolean;
  readonly children: ReactNode;
}

export function TimelineRow({ id, start, isChosen, level, isExpanded, onChoose, children }: TimelineRowProps) {
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
