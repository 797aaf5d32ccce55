import type { InvokeRequest, RunExplanation, Transport } from "@beckon/core/runtime";
import { awaitResult } from "./await-result.ts";
import type { Connection } from "./connection.ts";
import { watchEvents } from "./watch-events.ts";

/** Where a server takes what is about one job. What is about a run has the same door for everybody: `runs.*`. */
export interface JobDoors {
  /** Makes the runs; sent again with the same request id it makes no others. */
  invoke(request: InvokeRequest, requestId: string): Promise<readonly string[]>;
  /** The procedure that tells the result of a run of this job. */
  resultPath(jobId: string): string;
}

/** A transport over a connection. */
export function createWireTransport(connection: Connection, doors: JobDoors): Transport {
  return {
    description: connection.description,
    invoke: async (request) => doors.invoke(request, mintRequestId()),
    result: ({ jobId, runId, timeoutMs }) =>
      awaitResult(connection, { path: doors.resultPath(jobId), runId, timeoutMs }),
    events: (runId, options) => watchEvents(connection, { runId, ...options }),
    cancel: async (runId) =>
      void (await connection.call("mutation", "runs.cancel", { input: { id: runId }, isRepeatable: false })),
    explain: async (runId) =>
      (await connection.call("query", "runs.explain", { input: { id: runId }, isRepeatable: true })) as RunExplanation,
  };
}

/** Not `crypto.randomUUID`: browsers have that one only on pages that came over https. */
function mintRequestId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
