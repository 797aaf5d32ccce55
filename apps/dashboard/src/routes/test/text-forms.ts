import { toValueText } from "../../values/value-text.ts";
import { parsePayload } from "./parse-payload.ts";

/** How values of a kind are written in a field, and read from it. What `write` gives can always be read. */
export interface TextForm {
  readonly write: (value: unknown) => string;
  readonly read: (text: string) => Reading;
}

type Reading = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };

export const jsonText: TextForm = { write: toValueText, read: parsePayload };

export const bigintText: TextForm = {
  write: (value) => (typeof value === "bigint" ? String(value) : ""),
  read: (text) => {
    const digits = text.trim();
    if (digits === "") return { ok: true, value: undefined };
    if (/^-?\d+$/.test(digits)) return { ok: true, value: BigInt(digits) };
    return { ok: false, message: "This is no whole number." };
  },
};

/** Local time, as `datetime-local` fields take and give it. */
export const dateText: TextForm = {
  write: (value) => (value instanceof Date ? toLocalText(value) : ""),
  read: (text) => {
    if (text === "") return { ok: true, value: undefined };
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? { ok: false, message: "This is no date." } : { ok: true, value: at };
  },
};

/** The last year that a `datetime-local` field gives in the form that `Date` reads. */
const LAST_YEAR = 9999;

/** From the local parts: the offset is told in minutes, and was none of minutes before there was standard time. */
function toLocalText(at: Date): string {
  const year = at.getFullYear();
  if (year < 1 || year > LAST_YEAR) return "";
  const day = [pad(year, 4), pad(at.getMonth() + 1), pad(at.getDate())].join("-");
  return `${day}T${[at.getHours(), at.getMinutes(), at.getSeconds()].map((part) => pad(part)).join(":")}`;
}

function pad(part: number, length = 2): string {
  return String(part).padStart(length, "0");
}
