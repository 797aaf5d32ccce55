import type { RunExplanation, Transport } from "@beckon/core/runtime";
import { awaitResult } from "./await-result.ts";
import type { Connection } from "./connection.ts";
import { invokeAndWait } from "./invoke-and-wait.ts";
import type { JobDoors } from "./job-doors.ts";
import { watchEvents } from "./watch-events.ts";
import { withRetries } from "./with-retries.ts";

/** A transport over a connection. */
export function createWireTransport(connection: Connection, doors: JobDoors): Transport {
  return {
    description: connection.description,
    invoke: (request) => {
      const requestId = mintRequestId();
      return withRetries(true, () => doors.invoke(request, requestId));
    },
    invokeAndWait: async (request) => invokeAndWait(connection, doors, { ...request, requestId: mintRequestId() }),
    result: ({ jobId, runId, timeoutMs }) =>
      awaitResult(connection, { path: doors.resultPath(jobId), runId, timeoutMs }),
    events: (runId, options) => watchEvents(connection, { runId, ...options }),
    cancel: async (runId) => void (await connection.call("mutation", "runs.cancel", { id: runId })),
    explain: async (runId) => (await connection.call("query", "runs.explain", { id: runId })) as RunExplanation,
  };
}

/** Not `crypto.randomUUID`: browsers have that one only on pages that came over https. */
function mintRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
