import type { InvokeRequest, RunExplanation, Transport } from "@beckon/core/runtime";
import { awaitResult } from "./await-result.ts";
import type { Connection } from "./connection.ts";
import { invokeAndWait } from "./invoke-and-wait.ts";
import type { JobDoors, WrittenCall } from "./job-doors.ts";
import { toWire } from "./procedure-calls.ts";
import { requestIdOf } from "./request-id.ts";
import { watchEvents } from "./watch-events.ts";
import { withRetries } from "./with-retries.ts";

/** A transport over a connection. */
export function createWireTransport(connection: Connection, doors: JobDoors): Transport {
  return {
    description: connection.description,
    invoke: async (request) => {
      const call = writeCall(request);
      return withRetries(true, () => doors.invoke(call));
    },
    invokeAndWait: async ({ jobId, item, timeoutMs }) =>
      invokeAndWait(connection, doors, { ...writeCall({ jobId, items: [item], isBatch: false }), timeoutMs }),
    result: ({ jobId, runId, timeoutMs }) =>
      awaitResult(connection, { path: doors.resultPath(jobId), runId, timeoutMs }),
    events: (runId, options) => watchEvents(connection, { runId, ...options }),
    cancel: async (runId) => void (await connection.call("mutation", "runs.cancel", { id: runId })),
    explain: async (runId) => (await connection.call("query", "runs.explain", { id: runId })) as RunExplanation,
  };
}

function writeCall({ jobId, items, isBatch }: InvokeRequest): WrittenCall {
  const text = toWire({ ...(isBatch ? { items } : items[0]), requestId: requestIdOf(items[0]?.options) });
  return { jobId, isBatch, text };
}
