import { inspectValue, UnserializableValueError } from "@beckon/core/runtime";
import { type ParsedText, parseValueText } from "../../values/value-text.ts";

/** Reads a payload as it is being written. What could not be sent counts as unread: no field could show it either. */
export function parsePayload(text: string): ParsedText {
  const parsed = parseValueText(text);
  if (!parsed.ok) return parsed;
  try {
    inspectValue(parsed.value, "payload");
    return parsed;
  } catch (error) {
    if (!(error instanceof UnserializableValueError)) throw error;
    return { ok: false, message: error.message, at: 0 };
  }
}
