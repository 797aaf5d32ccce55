const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "m"],
  [1_000, "s"],
] as const;

/** A span as people say it: `12 ms`, `1.4 s`, `3 m 20 s`, `2 h 5 m`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return "0 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0).replace(/\.0$/, "")} s`;
  const index = UNITS.findIndex(([size]) => ms >= size);
  const [size, name] = UNITS[index] ?? UNITS[3];
  const next = UNITS[index + 1];
  const whole = Math.floor(ms / size);
  const rest = next === undefined ? 0 : Math.floor((ms - whole * size) / next[0]);
  return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${next?.[1]}`;
}

/** How long ago, or how long until: `now`, `4 s ago`, `in 2 h`. */
export function formatRelative(at: Date, now: number): string {
  const ms = at.getTime() - now;
  const far = Math.abs(ms);
  if (far < 1_000) return "now";
  const [size, name] = UNITS.find(([one]) => far >= one) ?? UNITS[3];
  const count = Math.floor(far / size);
  return ms < 0 ? `${count} ${name} ago` : `in ${count} ${name}`;
}

const EXACT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

/** The instant to the millisecond, in the reader's own time zone. */
export function formatExact(at: Date): string {
  return `${EXACT.format(at)}.${millisecondsOf(at)}`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium" });

/** The time of day to the millisecond, in the reader's own time zone. */
export function formatClock(at: Date): string {
  return `${CLOCK.format(at)}.${millisecondsOf(at)}`;
}

function millisecondsOf(at: Date): string {
  return String(at.getMilliseconds()).padStart(3, "0");
}

const COUNT = new Intl.NumberFormat("en-US");
const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return count < 100_000 ? COUNT.format(count) : COMPACT.format(count);
}
