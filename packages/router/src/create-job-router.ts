import type { Engine } from "@beckon/engine";
import type { AnyTRPCRootTypes, TRPCRootConfig } from "@trpc/server";
import type { Authorize } from "./authorize.ts";
import { buildCatalogProcedures } from "./catalog-procedures.ts";
import { checkHost } from "./check-host.ts";
import { collectJobs } from "./collect-jobs.ts";
import { createEnvelopes, type Tracked } from "./event-envelopes.ts";
import { findEngine, findEngineOf } from "./find-engine.ts";
import { buildJobProcedures } from "./job-procedures.ts";
import type { JobRouter } from "./job-router.ts";
import { createScope } from "./job-scope.ts";
import { createProcedureBuilders } from "./procedure-builders.ts";
import type { RouterParts } from "./router-parts.ts";
import { buildRunProcedures } from "./run-procedures.ts";
import { type BeckonContext, type BeckonRoot, beckonTRPC, type BuildingTRPC } from "./trpc.ts";

export interface JobRouterOptions<Root extends AnyTRPCRootTypes = BeckonRoot> {
  /**
   * The host's tRPC instance, to mount the router inside the host's own. It needs `transformer: superjson`
   * and `errorFormatter: beckonErrorFormatter`.
   */
  readonly t?: { readonly _config: TRPCRootConfig<Root> } | undefined;
  /** Decides per call from the context. Default: every call is allowed. */
  readonly authorize?: Authorize<Root["ctx"]> | undefined;
  /**
   * `tracked` of the `@trpc/server` that serves the router, where the process has two: another version, or what `require` gives
   * beside what `import` does. Default: that of the one which the router was built with.
   */
  readonly tracked?: Tracked | undefined;
  /** Default: the engine of the server that the job is connected to; for `runs` and `catalog` all have to be connected to one. */
  readonly engine?: Engine | undefined;
}

/**
 * Derives a tRPC router from jobs: `jobs.<export name>.invoke`, `.invokeAndWait`, `.batchInvoke` and `.result` for each, and
 * `runs` and `catalog` for all of them. Made of some of an engine's jobs, it knows nothing of the others and of their runs.
 *
 * @example
 * import * as jobs from "@acme/jobs";
 * export const router = createJobRouter(jobs);
 * export type AppRouter = typeof router;
 *
 * @throws DefinitionError when two jobs have one id, an export has a reserved name, or the host lacks something
 */
export function createJobRouter<Jobs extends object, Root extends AnyTRPCRootTypes = BeckonRoot>(
  jobs: Jobs,
  options: JobRouterOptions<Root> = {},
): JobRouter<Jobs, Root> {
  const { t: host, authorize, engine, tracked } = options;
  if (host !== undefined) checkHost(host);
  // Building works alike on every instance, and `checkHost` has looked at the two settings that matter.
  const t = (host ?? beckonTRPC) as BuildingTRPC;
  const byName = collectJobs(jobs);
  const findOwn = (): Engine => engine ?? findEngine(byName.values());
  const parts: RouterParts = {
    ...createProcedureBuilders(t),
    jobs: byName,
    engine: findOwn,
    engineOf: (job) => engine ?? findEngineOf(job),
    scope: createScope(byName.values(), findOwn),
    authorize,
    envelopes: createEnvelopes(host === undefined ? undefined : t, tracked),
    // A host's context is the host's: what it calls `parent` is not ours.
    parentOf: (ctx: BeckonContext) => (host === undefined ? ctx.parent : undefined),
  };
  const router = t.router({
    jobs: Object.fromEntries([...byName].map(([name, job]) => [name, buildJobProcedures(job, parts)])),
    runs: buildRunProcedures(parts),
    catalog: buildCatalogProcedures(parts),
  });
  // The one cast where the dynamic meets the typed: the types are derived from the same exports as the procedures.
  return router as unknown as JobRouter<Jobs, Root>;
}
