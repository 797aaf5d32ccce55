import { canonicalText, InvalidOptionError, inspectValue } from "@beckon/core/runtime";
import type { StepKey } from "@beckon/core/runtime";

/**
 * The id of a step: its scope's id, a slash, and the key. A text key stands as it is, with `~` and `/`
 * escaped as in a JSON pointer; an array stands as canonical JSON, so that property order does not matter.
 * A text that begins like one of ours (`[` of an array, `~` of the engine's own steps) is escaped too, and so
 * is half of a surrogate pair, which no store gives back: different keys never have one id.
 */
export function toStepId(scopeId: string | null, key: StepKey): string {
  const segment = escape(typeof key === "string" ? key : toArrayText(key));
  return joinStepId(scopeId, typeof key === "string" && segment.startsWith("[") ? `~2${segment.slice(1)}` : segment);
}

/** A step that the engine names itself: its segment cannot be written as a user's key. */
export function toOwnStepId(scopeId: string | null, name: string): string {
  return joinStepId(scopeId, `~:${escape(name)}`);
}

/** How a key is shown to people. */
export function formatKey(key: StepKey): string {
  return typeof key === "string" ? JSON.stringify(key) : toArrayText(key);
}

function joinStepId(scopeId: string | null, segment: string): string {
  return scopeId === null ? segment : `${scopeId}/${segment}`;
}

function escape(text: string): string {
  const escaped = /[~/]/.test(text) ? text.replaceAll("~", "~0").replaceAll("/", "~1") : text;
  if (escaped.isWellFormed()) return escaped;
  return escaped.replaceAll(HALF_PAIR, (half) => `~3${half.charCodeAt(0).toString(16)}`);
}

/** Whole pairs are read as one character, which this is not. */
const HALF_PAIR = /\p{Surrogate}/gu;

const KEY_IS_MISSING = 'it is a function: each step has a key before all else, a text or a list such as ["user", 7]';

function toArrayText(key: readonly unknown[]): string {
  if (typeof key === "function") throw new InvalidOptionError("key", KEY_IS_MISSING, { kind: "Argument" });
  if (inspectValue(key, "key") === "plain") return JSON.stringify(sortKeys(key));
  return canonicalText(key);
}

function sortKeys(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sortKeys);
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sortKeys(member)]));
}
