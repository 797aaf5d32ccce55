import { InvalidOptionError } from "./errors.ts";
import { describeValue } from "./schema.ts";

/** A span of time: a number of **seconds**, or a number with its unit, such as `"500ms"`, `"30s"`, `"5m"`, `"2h"`, `"7d"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** The latest instant that a JavaScript Date can hold. */
const MAX_INSTANT_MS = 8.64e15;

/**
 * Turns a Duration into milliseconds.
 * @throws InvalidOptionError naming `option` when it is not a duration, negative, or not finite.
 */
export function toMs(duration: Duration, option: string): number {
  const ms = typeof duration === "number" ? duration * 1_000 : parseText(duration);
  if (Number.isFinite(ms) && ms >= 0 && ms <= MAX_INSTANT_MS) return Math.round(ms);
  throw new InvalidOptionError(
    option,
    `${describeValue(duration)} is not a duration: give seconds as a number ≥ 0, or a text such as "500ms", "30s", "5m", "2h", "7d"`,
  );
}

function parseText(text: unknown): number {
  const match = typeof text === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) : null;
  if (match === null) return Number.NaN;
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** The instant that lies so many milliseconds after another: the last one that a Date can hold, where it lies beyond that. */
export function instantAfter(at: number, ms: number): number {
  return Math.min(at + ms, MAX_INSTANT_MS);
}

/**
 * The instant (epoch milliseconds) that a Date names, or that lies a Duration after `now`.
 * @throws InvalidOptionError naming `option`.
 */
export function toInstant(when: Duration | Date, now: number, option: string): number {
  if (!(when instanceof Date)) return instantAfter(now, toMs(when, option));
  const at = when.getTime();
  if (!Number.isNaN(at)) return at;
  throw new InvalidOptionError(option, "the Date is invalid; check how it was made");
}
