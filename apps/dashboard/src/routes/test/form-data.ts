import { parseValueText, toValueText } from "../../values/value-text.ts";
import { isRecord } from "./is-record.ts";

/*
 * Forms know plain JSON. Values it cannot say travel through the form as texts with a mark before them; the
 * field that shows one reads the mark.
 */

const MARK = "\u0000rich:";

function isMarked(data: unknown): data is string {
  return typeof data === "string" && data.startsWith(MARK);
}

function toMarked(value: unknown): string {
  return MARK + toValueText(value);
}

function fromMarked(marked: string): unknown {
  const parsed = parseValueText(marked.slice(MARK.length));
  return parsed.ok ? parsed.value : undefined;
}

/** The value as a form takes it. */
export function toFormData(value: unknown): unknown {
  if (typeof value === "bigint") return toMarked(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toFormData);
  if (!isRecord(value)) return toMarked(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toFormData(member)]));
}

/** The value that a form holds. What is undefined is left out. */
export function fromFormData(data: unknown): unknown {
  if (isMarked(data)) return fromMarked(data);
  if (Array.isArray(data)) return data.map(fromFormData);
  if (typeof data !== "object" || data === null) return data;
  const members = Object.entries(data).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, fromFormData(member)]));
}
