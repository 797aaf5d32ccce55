/** The part of a run's time that is shown, in epoch milliseconds. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const NARROWEST_MS = 2;

/** Shows `factor` times as much, around the point at `anchor` (0 left edge, 1 right edge), and never more than all. */
export function zoom(
  window: TimeWindow,
  factor: number,
  { all, anchor }: { readonly all: TimeWindow; readonly anchor: number },
): TimeWindow {
  const span = Math.min(Math.max((window.to - window.from) * factor, NARROWEST_MS), all.to - all.from);
  const center = window.from + (window.to - window.from) * anchor;
  return into(all, { from: center - span * anchor, to: center + span * (1 - anchor) });
}

/** Moves by a part of what is shown: 0.25 is a quarter to the right. */
export function pan(window: TimeWindow, part: number, all: TimeWindow): TimeWindow {
  const by = (window.to - window.from) * part;
  return into(all, { from: window.from + by, to: window.to + by });
}

function into(all: TimeWindow, { from, to }: TimeWindow): TimeWindow {
  const span = to - from;
  if (from < all.from) return { from: all.from, to: all.from + span };
  if (to > all.to) return { from: all.to - span, to: all.to };
  return { from, to };
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const LONG_STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400, 604_800].map(
  (seconds) => seconds * 1_000,
);

/** Round instants, counted from `origin`, at which the axis has a mark: at most `most`. */
export function axisMarks(window: TimeWindow, origin: number, most: number): readonly number[] {
  const span = window.to - window.from;
  const all = [...STEPS, ...LONG_STEPS];
  const step = all.find((ms) => span / ms <= most) ?? span / most;
  const first = Math.ceil((window.from - origin) / step) * step;
  const marks: number[] = [];
  for (let at = first; at <= window.to - origin; at += step) marks.push(at + origin);
  return marks;
}

/** Where an instant lies in the window, in percent of its width. */
export function percentOf(at: number, window: TimeWindow): number {
  return ((at - window.from) / (window.to - window.from)) * 100;
}
