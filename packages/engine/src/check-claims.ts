import type { ClaimedAhead } from "./claimed-ahead.ts";
import type { ExecutingFrames } from "./executing-frames.ts";
import type { EngineParts } from "./parts.ts";
import { untilStored } from "./until-stored.ts";

/** Another process wrote: which of a worker's runs it touched has to be read. `executing` and `ahead` live on meanwhile. */
export async function checkClaims(
  executing: ExecutingFrames,
  ahead: ClaimedAhead,
  { store, clock }: Pick<EngineParts, "store" | "clock">,
): Promise<void> {
  const frames = [...executing.values()];
  const claims = [...frames.map((frame) => frame.claimed.claim), ...ahead.claims];
  const lost = await untilStored(() => store.findLostClaims(claims), clock, null);
  for (const { claim, status } of lost) {
    ahead.dropClaim(claim);
    const frame = executing.get(claim.runId);
    if (frame?.claimed.claim.lease !== claim.lease) continue;
    if (status === "CANCELED") frame.abort("canceled", `Run ${claim.runId} was canceled.`);
    else frame.abort("lost-lease", `Run ${claim.runId} was taken over.`);
  }
  for (const frame of frames) frame.noticeChange();
}
