import { useShortcuts } from "../../app/shortcuts.ts";
import { type TimeWindow, zoom } from "./time-window.ts";

interface ZoomKeys {
  readonly window: TimeWindow;
  readonly all: TimeWindow;
  readonly onWindow: (window: TimeWindow | null) => void;
  /** Puts the focus on the steps. */
  readonly focus: () => void;
}

/** The keys of the timeline that work from anywhere on the page. */
export function useZoomKeys({ window, all, onWindow, focus }: ZoomKeys): void {
  const middle = { all, anchor: 0.5 };
  useShortcuts([
    { keys: "s", label: "Go to the steps; arrows then walk and fold, Shift with arrows moves in time", run: focus },
    { keys: "+", label: "Show less time, larger", run: () => onWindow(zoom(window, 0.5, middle)), mayRepeat: true },
    { keys: "-", label: "Show more time", run: () => onWindow(zoom(window, 2, middle)), mayRepeat: true },
    { keys: "0", label: "Show all of the time", run: () => onWindow(null) },
  ]);
}
