import type { AnyJob } from "@beckon/core";
import { NotFoundError, type RunView } from "@beckon/core/runtime";
import type { Engine, JobIds, ParentStep } from "@beckon/engine";
import { checkAllowed, type Action, type AskedRun, type Authorize, type Question } from "./authorize.ts";
import type { EventEnvelopes } from "./event-envelopes.ts";
import type { ProcedureBuilders } from "./procedure-builders.ts";

/** What the procedures are built from. */
export interface RouterParts extends ProcedureBuilders {
  /** By the name of their export. */
  readonly jobs: ReadonlyMap<string, AnyJob>;
  /** For what is about all of them. @throws NotConnectedError where several engines execute them */
  readonly engine: () => Engine;
  /** The one that executes a job. */
  readonly engineOf: (job: AnyJob) => Engine;
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
  { jobId, ...call }: { readonly jobId: string } & Omit<Question<unknown>, "ctx" | "job">,
): Promise<void> {
  if (parts.parentOf(ctx) !== undefined) return;
  await checkAllowed(parts.authorize, { ctx, job: { id: jobId }, ...call });
}

/** The same for the result of a run that is asked for among those of its job: one of another is as one that is not there. */
export async function checkResultCall(
  parts: RouterParts,
  ctx: object,
  { job, runId }: { readonly job: AnyJob; readonly runId: string },
): Promise<void> {
  if (parts.authorize === undefined) return;
  const jobId = job.id;
  const run = await parts
    .engineOf(job)
    .readRun(runId, new Set([jobId]))
    .catch(orNull);
  await checkJobCall(parts, ctx, { jobId, action: "read", run: run && toAskedRun(run) });
}

/** Whoever then looks for the result tells that it is not there. */
function orNull(error: unknown): null {
  if (error instanceof NotFoundError) return null;
  throw error;
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
  const run = await parts.engine().readRun(call.runId, scope);
  await checkAllowed(parts.authorize, { ctx, job: { id: run.job.id }, action: call.action, run: toAskedRun(run) });
}

function toAskedRun({ id, accountId, tags }: RunView): AskedRun {
  return { id, accountId, tags };
}
