import { hash } from "node:crypto";
import { canonicalText } from "@beckon/core/runtime";

/** One short text for equal inputs: key order and `undefined` properties do not matter, options are not part of it. */
export function digestOf(input: unknown): string {
  return hash("sha256", canonicalText(input), "base64url");
}
