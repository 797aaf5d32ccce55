export interface Progress {
  /** 0 to 1. */
  readonly part: number;
  readonly text: string;
}

const PERCENTS = ["percent", "percentage"];
const TOTALS = ["total", "of", "max"];
/** What counts are called. Another number, such as a time that is left, may stand before them. */
const COUNTS = ["done", "completed", "processed", "finished", "progress", "count", "current"];

/**
 * Finds a progress in what a job put beside a status: a `percent` from 0 to 100, a `progress` from 0 to 1, or a
 * count beside its `total`, whatever the count is called.
 */
export function readProgress(data: unknown): Progress | null {
  if (typeof data !== "object" || data === null) return null;
  const numbers = Object.entries(data).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  const find = (names: readonly string[]) => numbers.find(([name]) => names.includes(name))?.[1];
  const percent = find(PERCENTS);
  if (percent !== undefined) return toProgress(percent / 100);
  const progress = find(["progress"]);
  if (progress !== undefined && progress <= 1) return toProgress(progress);
  const total = find(TOTALS);
  if (total === undefined || total <= 0) return progress === undefined ? null : toProgress(progress / 100);
  const done = find(COUNTS) ?? numbers.find(([name]) => !TOTALS.includes(name))?.[1];
  return done === undefined ? null : { part: within(done / total), text: `${done} of ${total}` };
}

function toProgress(share: number): Progress {
  const part = within(share);
  return { part, text: `${Math.round(part * 100)} %` };
}

function within(part: number): number {
  return Math.min(Math.max(part, 0), 1);
}
