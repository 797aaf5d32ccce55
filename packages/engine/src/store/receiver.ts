import type { Delivery } from "./records.ts";

/** Who is told: those of one receiver share what it is slow with. For a callback the origin of its URL, for a hook its job. */
export function toReceiver(
  kind: Delivery["kind"],
  { jobId, callbackUrl }: { readonly jobId: string; readonly callbackUrl: string | null },
): string {
  if (kind === "hook" || callbackUrl === null) return jobId;
  return URL.parse(callbackUrl)?.origin ?? callbackUrl;
}
