import { type RunResult, type Transport, WaitTimeoutError } from "@beckon/core/runtime";
import type { Engine } from "./engine.ts";

/** The in-process way to an engine. */
export function createEngineTransport(description: string, engine: () => Engine): Transport {
  const result: Transport["result"] = async ({ jobId, runId, timeoutMs }) =>
    (await engine().result({ jobId, runId, timeoutMs: timeoutMs ?? Number.POSITIVE_INFINITY })) ?? timedOut(runId);
  return {
    description,
    invoke: (request) => engine().invoke(request),
    invokeAndWait: async ({ jobId, item, timeoutMs }) => {
      const [runId] = await engine().invoke({ jobId, items: [item], isBatch: false });
      return result({ jobId, runId: runId as string, timeoutMs });
    },
    result,
    events: (runId, options) => engine().events({ runId, ...options }),
    cancel: (runId) => engine().cancel(runId),
    explain: (runId) => engine().explain(runId),
  };
}

function timedOut(runId: string): RunResult<unknown, unknown> {
  throw new WaitTimeoutError(`Run ${runId} did not end in time; it goes on.`);
}
