import type { AnyJob } from "@beckon/core";
import { UnavailableError } from "@beckon/core/runtime";
import { type EngineInvokeRequest, StoreClosedError, StoreUnavailableError } from "@beckon/engine";
import { awaitResult } from "./await-result.ts";
import type {
  BatchCall,
  BatchOutput,
  InvokeAndWaitCall,
  InvokeCall,
  InvokeOutput,
  PendingResult,
  ResultInput,
} from "./call-shapes.ts";
import { batchInput, invokeAndWaitInput, invokeInput, resultInput } from "./procedure-inputs.ts";
import { checkJobCall, checkResultCall, type RouterParts } from "./router-parts.ts";

/** The procedures of one job. They check the shape of the call and hand it to the engine, which parses the payload. */
export function buildJobProcedures(job: AnyJob, parts: RouterParts) {
  const { taking } = parts;
  const jobId = job.id;
  const makeRuns = async (request: Omit<EngineInvokeRequest, "jobId">, ctx: object): Promise<readonly string[]> => {
    const invocations = request.items.map(({ options }) => options);
    await checkJobCall(parts, ctx, { jobId, action: "invoke", invocations });
    return parts.engineOf(job).invoke({ ...request, jobId, parent: parts.parentOf(ctx) });
  };
  return {
    invoke: taking<InvokeCall>(invokeInput).mutation(async ({ input, ctx }): Promise<InvokeOutput> => {
      const { payload, options = {}, requestId } = input;
      const [id] = await makeRuns({ items: [{ payload, options }], isBatch: false, requestId }, ctx);
      return { id: id as string };
    }),
    invokeAndWait: taking<InvokeAndWaitCall>(invokeAndWaitInput).mutation(async ({ input, ctx, signal }) => {
      const { payload, options = {}, requestId, timeoutMs } = input;
      // Asked before: no run is made whose result the caller may not see.
      await checkJobCall(parts, ctx, { jobId, action: "read", invocations: [options] });
      const [id] = await makeRuns({ items: [{ payload, options }], isBatch: false, requestId }, ctx);
      // A key or an id that comes again leads to a run that may be somebody else's.
      if (options.idempotencyKey !== undefined || requestId !== undefined)
        await checkResultCall(parts, ctx, { job, runId: id as string });
      const result = await awaitResult(parts.engineOf(job), { id: id as string, timeoutMs }, signal).catch(notEnded);
      return "pending" in result ? { id, ...result } : result;
    }),
    batchInvoke: taking<BatchCall>(batchInput).mutation(async ({ input, ctx }): Promise<BatchOutput> => {
      const items = input.items.map(({ payload, options = {} }) => ({ payload, options }));
      return { ids: await makeRuns({ items, isBatch: true, requestId: input.requestId }, ctx) };
    }),
    result: taking<ResultInput>(resultInput).query(async ({ input, ctx, signal }) => {
      await checkResultCall(parts, ctx, { job, runId: input.id });
      return awaitResult(parts.engineOf(job), { ...input, jobId }, signal);
    }),
  };
}

const AWAY = [UnavailableError, StoreUnavailableError, StoreClosedError];

/** The run is made: where the server stops, or its store cannot be read, the caller is told which it is, and asks again. */
function notEnded(error: unknown): PendingResult {
  if (AWAY.some((kind) => error instanceof kind)) return { pending: true };
  throw error;
}
