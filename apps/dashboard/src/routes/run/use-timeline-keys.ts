import type { KeyboardEvent } from "react";
import type { StepRow } from "./step-tree.ts";
import { pan, type TimeWindow, zoom } from "./time-window.ts";

interface TimelineState {
  readonly rows: readonly StepRow[];
  /** 0 is the run, 1 the first row. */
  readonly index: number;
  readonly folded: ReadonlySet<string>;
  readonly window: TimeWindow;
  readonly all: TimeWindow;
  readonly onChoose: (stepId: string | null) => void;
  readonly onFold: (folded: ReadonlySet<string>) => void;
  readonly onWindow: (window: TimeWindow | null) => void;
}

/** What each key does while the timeline has the focus; ARIA's keys for trees, and + - 0 for the time. */
export function useTimelineKeys(state: TimelineState): (event: KeyboardEvent) => void {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const act = actionOf(event.shiftKey ? `Shift+${event.key}` : event.key, state);
    if (act === null) return;
    event.preventDefault();
    act();
  };
}

function actionOf(key: string, state: TimelineState): (() => void) | null {
  return moveOf(key, state) ?? foldOf(key, state) ?? timeOf(key, state);
}

function moveOf(key: string, { rows, index, onChoose }: TimelineState): (() => void) | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + 15,
    PageUp: index - 15,
    Home: 0,
    End: rows.length,
  };
  const target = targets[key];
  if (target === undefined) return null;
  const into = Math.min(Math.max(target, 0), rows.length);
  return () => onChoose(rows[into - 1]?.step.id ?? null);
}

function foldOf(key: string, { rows, index, folded, onFold, onChoose }: TimelineState): (() => void) | null {
  const row = rows[index - 1];
  if (row === undefined) return null;
  const { id } = row.step;
  const isOpen = row.hasChildren && !folded.has(id);
  if (key === "ArrowRight" && row.hasChildren && !isOpen) {
    return () => onFold(new Set([...folded].filter((one) => one !== id)));
  }
  if (key !== "ArrowLeft") return null;
  return isOpen ? () => onFold(new Set([...folded, id])) : () => onChoose(row.below);
}

function timeOf(key: string, { window, all, onWindow }: TimelineState): (() => void) | null {
  const middle = { all, anchor: 0.5 };
  switch (key) {
    case "+":
    case "=":
    case "Shift++":
      return () => onWindow(zoom(window, 0.5, middle));
    case "-":
      return () => onWindow(zoom(window, 2, middle));
    case "0":
      return () => onWindow(null);
    case "Shift+ArrowLeft":
      return () => onWindow(pan(window, -0.25, all));
    case "Shift+ArrowRight":
      return () => onWindow(pan(window, 0.25, all));
    default:
      return null;
  }
}
