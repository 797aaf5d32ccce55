import { NotFoundError } from "@beckon/core/runtime";
import type { EngineInvokeRequest } from "@beckon/engine";
import { fromTRPCError } from "@beckon/router";
import type { AnyJobRouter } from "./http/any-job-router.ts";

/**
 * Takes a job's call inside a run through the router's caller, which carries the step that makes it: child and
 * step are then one transaction, and the call is the one that everybody makes.
 */
export function createCallChild(
  router: () => AnyJobRouter,
  nameById: ReadonlyMap<string, string>,
): (request: EngineInvokeRequest) => Promise<readonly string[]> {
  return async ({ jobId, items, isBatch, parent }) => {
    const branch = router().createCaller({ parent }).jobs[nameById.get(jobId) ?? ""];
    if (branch === undefined || !nameById.has(jobId)) {
      throw new NotFoundError(
        `Job "${jobId}" is not one of this server's, where the calls of its runs go: export it from the module that ` +
          "createServer was given, or call another server's by createJobsClient, in a task.",
      );
    }
    try {
      if (isBatch) return (await branch.batchInvoke({ items })).ids;
      const [item] = items;
      return [(await branch.invoke({ payload: item?.payload, options: item?.options })).id];
    } catch (error) {
      throw fromTRPCError(error);
    }
  };
}
