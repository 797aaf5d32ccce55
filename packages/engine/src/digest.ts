import { createHash } from "node:crypto";
import { canonicalText } from "@beckon/core/runtime";

/** One short text for equal inputs: key order and `undefined` properties do not matter, options are not part of it. */
export function digestOf(input: unknown): string {
  return createHash("sha256").update(canonicalText(input)).digest("base64url");
}
