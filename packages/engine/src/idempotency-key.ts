import type { InvokeOptions } from "@beckon/core";
import { InvalidOptionError, toMs } from "@beckon/core/runtime";

/** A run's idempotency key as it is stored, and until when it is the run's though that has ended. */
export interface IdempotencyKey {
  readonly key: string;
  readonly expiresAt: number;
}

const MAX_LENGTH = 2_048;
const DEFAULT_TTL = "30d";

/** Checks the key of one invocation. @throws InvalidOptionError */
export function readIdempotencyKey(options: InvokeOptions, now: number): IdempotencyKey | null {
  const { idempotencyKey: given, idempotencyKeyTTL = DEFAULT_TTL } = options;
  if (given === undefined) return null;
  checkKey(given);
  return { key: toStoredKey(given), expiresAt: now + toMs(idempotencyKeyTTL, "idempotencyKeyTTL") };
}

function checkKey(given: string | readonly string[]): void {
  const parts: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (!parts.every(isKeepable)) refuse("give a text, or a list of texts, without halves of surrogate pairs");
  // An emoji is one character, as it is to the people who count them.
  const length = parts.reduce((sum: number, part) => sum + Array.from(part as string).length, 0);
  if (length === 0) refuse("it is empty: leave it out, or name what must happen once");
  if (length > MAX_LENGTH) refuse(`it has ${length} characters, and at most ${MAX_LENGTH} are kept: send a hash of it`);
}

/** Half of a surrogate pair would be stored as the replacement character, and so equal to another half. */
function isKeepable(part: unknown): boolean {
  return typeof part === "string" && part.isWellFormed();
}

/** A list is kept as JSON behind a tab, and so is a text that begins with one: no list is any text's equal. */
function toStoredKey(given: string | readonly string[]): string {
  return typeof given === "string" && !given.startsWith("\t") ? given : `\t${JSON.stringify(given)}`;
}

/** A stored key as its owner wrote it, a list as JSON. */
export function toWrittenKey(stored: string): string {
  if (!stored.startsWith("\t")) return stored;
  const given: unknown = JSON.parse(stored.slice(1));
  return typeof given === "string" ? given : stored.slice(1);
}

/** The stored keys that are written like this: that of the text itself, and that of a list of which it is the JSON. */
export function toStoredKeys(written: string): readonly string[] {
  const list = readList(written);
  return list === null ? [toStoredKey(written)] : [toStoredKey(written), toStoredKey(list)];
}

function readList(written: string): string[] | null {
  if (!/^\s*\[/.test(written)) return null;
  try {
    const value: unknown = JSON.parse(written);
    return Array.isArray(value) && value.every((part) => typeof part === "string") ? value : null;
  } catch {
    // It is a text that begins like JSON, and so the key of no list.
    return null;
  }
}

function refuse(reason: string): never {
  throw new InvalidOptionError("idempotencyKey", reason);
}
