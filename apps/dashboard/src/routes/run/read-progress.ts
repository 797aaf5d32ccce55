export interface Progress {
  /** 0 to 1. */
  readonly part: number;
  readonly text: string;
}

const PARTS = ["progress", "percent", "percentage"];
const TOTALS = ["total", "of", "max"];

/**
 * Finds a progress in what a job put beside a status: a `progress` from 0 to 1, a `percent` from 0 to 100, or a
 * count beside its `total`, whatever the count is called.
 */
export function readProgress(data: unknown): Progress | null {
  if (typeof data !== "object" || data === null) return null;
  const numbers = Object.entries(data).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  const total = numbers.find(([name]) => TOTALS.includes(name));
  const count = numbers.find(([name]) => !TOTALS.includes(name));
  if (count === undefined) return null;
  const [name, done] = count;
  if (total !== undefined && total[1] > 0) return { part: within(done / total[1]), text: `${done} of ${total[1]}` };
  if (!PARTS.includes(name)) return null;
  const part = within(name === "progress" && done <= 1 ? done : done / 100);
  return { part, text: `${Math.round(part * 100)} %` };
}

function within(part: number): number {
  return Math.min(Math.max(part, 0), 1);
}
