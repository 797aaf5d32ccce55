import type { RunEvent } from "../run-event.ts";
import type { RunResult } from "../run-result.ts";
import type { InvokeRequest, ResultRequest, Transport } from "../transport.ts";

/** A transport that makes runs of no engine: it keeps what it was asked, and answers with what it was given. */
export interface RecordingTransport extends Transport {
  readonly invocations: InvokeRequest[];
  readonly waits: ResultRequest[];
  readonly others: unknown[];
}

/** Ids are `<name>-1`, `<name>-2`, … ; results come from `results` by run id, or are successes. */
export function createRecordingTransport(
  name: string,
  results: Readonly<Record<string, RunResult<unknown, unknown>>> = {},
): RecordingTransport {
  const invocations: InvokeRequest[] = [];
  const waits: ResultRequest[] = [];
  const others: unknown[] = [];
  let count = 0;
  const invoke: Transport["invoke"] = async (request) => {
    invocations.push(request);
    return request.items.map(() => `${name}-${(count += 1)}`);
  };
  const result: Transport["result"] = async (request) => {
    waits.push(request);
    return results[request.runId] ?? successOf(request.runId, request.jobId);
  };
  return {
    description: name,
    invocations,
    waits,
    others,
    invoke,
    invokeAndWait: async ({ jobId, item, timeoutMs }) => {
      const [runId] = await invoke({ jobId, items: [item], isBatch: false });
      return result({ jobId, runId: runId as string, timeoutMs });
    },
    result,
    events: async function* (runId, options): AsyncGenerator<RunEvent> {
      others.push(["events", runId, options]);
      yield { seq: options.after + 1, at: new Date(0), type: "status", status: "QUEUED" };
    },
    cancel: async (runId) => void others.push(["cancel", runId]),
    explain: async (runId) => {
      others.push(["explain", runId]);
      return { runId, status: "QUEUED", summary: "It is next in line.", reasons: [] };
    },
  };
}

export function successOf(runId: string, output: unknown): RunResult<unknown, unknown> {
  return { ok: true, status: "SUCCESS", output, ...factsOf(runId) };
}

export function failureOf(
  runId: string,
  error: { readonly code: string; readonly message: string },
): RunResult<unknown, unknown> {
  return { ok: false, status: "FAILURE", error, ...factsOf(runId) };
}

function factsOf(id: string) {
  const at = new Date(0);
  return {
    id,
    job: { id: "greet", version: "1.0.0" },
    isTest: false,
    createdAt: at,
    startedAt: at,
    completedAt: at,
    executionDurationInMs: 1,
    executionCount: 1,
    statuses: [],
    invocation: { payload: undefined, context: undefined, timestamp: at },
  };
}

/** All that an iterable gives. */
export async function collect<Value>(iterable: AsyncIterable<Value>): Promise<Value[]> {
  const values: Value[] = [];
  for await (const value of iterable) values.push(value);
  return values;
}
