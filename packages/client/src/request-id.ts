import type { InvokeOptions } from "@beckon/core";

/** Of calls that somebody makes again as a whole, by the options that they are made with. */
const kept = new WeakMap<object, string>();

/** The options, for a call that is the same invocation however often it is made with them. */
export function withRequestId(options: InvokeOptions | undefined): InvokeOptions {
  const own = { ...options };
  kept.set(own, mintRequestId());
  return own;
}

/** The id by which the server knows a request again: that of the options, or a new one. */
export function requestIdOf(options: InvokeOptions = {}): string {
  return kept.get(options) ?? mintRequestId();
}

/** Not `crypto.randomUUID`: browsers have that one only on pages that came over https. */
function mintRequestId(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
