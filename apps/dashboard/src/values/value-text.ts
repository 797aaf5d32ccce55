import { annotate, type Annotated, restore } from "@beckon/core/runtime";

/*
 * The text form of values in editors: plain JSON where that says all, and superjson's
 * `{ "json": …, "meta": { "values": … } }` where a value holds dates, maps, sets, bigints and the like.
 */

/** Writes a value for an editor; `undefined` is the empty text. */
export function toValueText(value: unknown): string {
  if (value === undefined) return "";
  const { json, meta } = annotate(value, "payload");
  if (meta !== undefined) return JSON.stringify({ json, meta: withoutVersion(meta) }, null, 2);
  // Plain, and yet it would be read as the other form.
  return JSON.stringify(isAnnotated(json) ? { json, meta: { v: 1 } } : json, null, 2);
}

export type ParsedText =
  | { readonly ok: true; readonly value: unknown; readonly isRich: boolean }
  /** `at` is the offset in the text where it stops making sense. */
  | { readonly ok: false; readonly message: string; readonly at: number };

/** Reads what an editor holds. */
export function parseValueText(text: string): ParsedText {
  if (text.trim() === "") return { ok: true, value: undefined, isRich: false };
  try {
    const read: unknown = JSON.parse(text);
    if (!isAnnotated(read)) return { ok: true, value: read, isRich: false };
    // A copy: restoring takes its argument apart.
    return { ok: true, value: restore(JSON.parse(text) as Annotated), isRich: true };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `This is no JSON: ${message}`, at: Number(/position (\d+)/.exec(message)?.[1] ?? 0) };
  }
}

/** Exactly superjson's shape: an ordinary payload may well have a member called `json`. */
function isAnnotated(value: unknown): value is Annotated {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { json, meta, ...rest } = value as { json?: unknown; meta?: unknown };
  const isMeta = typeof meta === "object" && meta !== null && ("values" in meta || "v" in meta);
  return json !== undefined && isMeta && Object.keys(rest).length === 0;
}

function withoutVersion(meta: object): object {
  const { v: _version, ...rest } = meta as { v?: unknown };
  return rest;
}
