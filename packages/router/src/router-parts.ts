import type { AnyJob } from "@beckon/core";
import type { Engine, JobIds, ParentStep } from "@beckon/engine";
import { checkAllowed, type Action, type Authorize } from "./authorize.ts";
import type { EventEnvelopes } from "./event-envelopes.ts";
import type { ProcedureBuilders } from "./procedure-builders.ts";

/** What the procedures are built from. */
export interface RouterParts extends ProcedureBuilders {
  /** By the name of their export. */
  readonly jobs: ReadonlyMap<string, AnyJob>;
  readonly engine: () => Engine;
  /** Of whose runs the router knows; undefined: of all. */
  readonly scope: () => JobIds | undefined;
  readonly authorize: Authorize<unknown> | undefined;
  readonly envelopes: EventEnvelopes;
  /** The step of the run that makes the call; undefined for every call from outside. */
  readonly parentOf: (ctx: object) => ParentStep | undefined;
}

/** Refuses what the host's `authorize` refuses. A run's own calls are the engine's, and not asked about. */
export async function checkJobCall(
  parts: RouterParts,
  ctx: object,
  call: { readonly jobId: string; readonly action: Action },
): Promise<void> {
  if (parts.parentOf(ctx) !== undefined) return;
  await checkAllowed(parts.authorize, { ctx, job: { id: call.jobId }, action: call.action });
}

/**
 * The same for a call that names a run, whose job is looked up where it matters.
 * @throws NotFoundError also where it is a job's that this router has not
 */
export async function checkRunCall(
  parts: RouterParts,
  ctx: object,
  call: { readonly runId: string; readonly action: Action },
): Promise<void> {
  const scope = parts.scope();
  if (parts.authorize === undefined && scope === undefined) return;
  const { job } = await parts.engine().readRun(call.runId, scope);
  await checkAllowed(parts.authorize, { ctx, job: { id: job.id }, action: call.action });
}
