import type { ParentStep } from "@beckon/engine";
import { initTRPC, type TRPCDefaultErrorShape } from "@trpc/server";
import { beckonErrorFormatter, type WithBeckonData } from "./trpc-errors.ts";
import { wireTransformer } from "./wire-transformer.ts";

/**
 * What comes with a call. Requests from outside have an empty one; a job's call inside a run carries the
 * step of the run that makes it.
 */
export interface BeckonContext {
  readonly parent?: ParentStep | undefined;
}

/** The root types of a router that stands on its own. */
export interface BeckonRoot {
  ctx: BeckonContext;
  meta: object;
  errorShape: WithBeckonData<TRPCDefaultErrorShape>;
  transformer: true;
}

/** How often a subscription that has nothing to say shows that it lives; after three silences a client reconnects. */
const PING_MS = 15_000;

/** tRPC for a router without a host. */
export const beckonTRPC = initTRPC.context<BeckonContext>().create({
  transformer: wireTransformer,
  errorFormatter: beckonErrorFormatter,
  sse: { ping: { enabled: true, intervalMs: PING_MS }, client: { reconnectAfterInactivityMs: 3 * PING_MS } },
});

/** The tRPC instance that procedures are built on, ours or a host's. */
export type BuildingTRPC = typeof beckonTRPC;
