import { ambientPlace, boundPlace, type CallPlace } from "./call-place.ts";
import { connectedTransport, type Connections } from "./connections.ts";
import { DefinitionError } from "./errors.ts";
import { refuseOthers, toItems } from "./invoke-items.ts";
import type { BatchItem } from "./invoke-options.ts";
import type { JobCalls } from "./job-calls.ts";
import type { JobDefinition } from "./job-definition.ts";
import { asResult, awaitResults, createRun, invokeAndAwait, type Run, toTimeoutMs } from "./run-handle.ts";
import type { InvokeItem, Transport } from "./transport.ts";

/** A job definition: inert until it is invoked, connected by the server that runs it or by its client. */
export interface Job<Input, Payload, Output, Err> extends JobCalls<Input, Output, Err> {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly definition: JobDefinition;
  /** Never there at run time: it carries the types. */
  readonly "~types"?:
    | { readonly input: Input; readonly payload: Payload; readonly output: Output; readonly error: Err }
    | undefined;
}

/** Any job at all, for records of jobs. `any`, because a job takes its input and gives its output: no other type fits both ways. */
// oxlint-disable-next-line typescript/no-explicit-any -- see above.
export type AnyJob = Job<any, any, any, any>;

/** What a caller sends to a job. */
export type InputOf<J extends AnyJob> =
  J extends Job<infer Input, infer _Payload, infer _Output, infer _Err> ? Input : never;
/** What a job's `run` receives. */
export type PayloadOf<J extends AnyJob> =
  J extends Job<infer _Input, infer Payload, infer _Output, infer _Err> ? Payload : never;
/** What a job's `run` returns. */
export type OutputOf<J extends AnyJob> =
  J extends Job<infer _Input, infer _Payload, infer Output, infer _Err> ? Output : never;
/** The failures a job declares. */
export type ErrorOf<J extends AnyJob> =
  J extends Job<infer _Input, infer _Payload, infer _Output, infer Err> ? Err : never;

/** The calls of one job from a place. The caller states the types. */
export function createJobCalls<Input, Output, Err>(jobId: string, place: CallPlace): JobCalls<Input, Output, Err> {
  const toRun = (runId: string): Run<Output, Err> => createRun<Output, Err>({ jobId, runId, place });
  // Throws where there is no connection, in async functions only.
  const make = (items: readonly InvokeItem[], isBatch: boolean): Promise<readonly string[]> =>
    (place.scope() ?? place.transport()).invoke({ jobId, items, isBatch });
  const makeBatch = (items: readonly BatchItem<Input>[]): Promise<readonly string[]> => make(toItems(items), true);
  return {
    invoke: async (...[payload, options]) => {
      const [runId] = await make([{ payload, options: options ?? {} }], false);
      return toRun(runId as string);
    },
    invokeAndWait: async (...[payload, options]) => {
      const { timeout, ...invokeOptions } = options ?? {};
      const call = { jobId, item: { payload, options: invokeOptions }, timeoutMs: toTimeoutMs(timeout) };
      return asResult<Output, Err>(await invokeAndAwait(call, place));
    },
    batchInvoke: async (items) => (await makeBatch(items)).map(toRun),
    batchInvokeAndWait: async (items, options) => {
      const { timeout, ...others } = options ?? {};
      refuseOthers(others);
      const timeoutMs = toTimeoutMs(timeout);
      const runIds = await makeBatch(items);
      return runIds.length === 0 ? [] : awaitResults<Output, Err>({ jobId, runIds, place, timeoutMs });
    },
    run: toRun,
  };
}

/**
 * Where a job keeps its connections: on itself, since the server may have a copy of this package of its own, but outside of
 * its type. The number is that of the shape: a version that changes `Connections` counts on.
 */
const CONNECTIONS = Symbol.for("beckon.connections.1");

/** @throws DefinitionError for a job of a version that keeps them otherwise: not to connect it would be found out at a call */
function connectionsOf(job: AnyJob): Connections {
  const connections: Connections | undefined = Reflect.get(job, CONNECTIONS);
  if (connections !== undefined) return connections;
  throw new DefinitionError(
    `Job "${job.id}" was made by another version of @beckon/core than the one that looks for its connections: ` +
      "install one version of all @beckon packages (npm ls @beckon/core shows which there are).",
  );
}

/** Puts a checked definition and the calls together. */
export function createJob<Input, Payload, Output, Err>(
  definition: JobDefinition,
  connections: Connections,
): Job<Input, Payload, Output, Err> {
  const { id, name, version } = definition;
  const calls = createJobCalls<Input, Output, Err>(
    id,
    ambientPlace(() => connectedTransport(id, connections)),
  );
  return Object.freeze({ id, name, version, definition, ...calls, [CONNECTIONS]: connections });
}

/** Connects a job to a server; the returned function takes the connection back. @throws DefinitionError */
export function connectJob(job: AnyJob, transport: Transport): () => void {
  const { own } = connectionsOf(job);
  own.add(transport);
  return () => void own.delete(transport);
}

/** The way that the job's calls take at this moment. @throws NotConnectedError when there is none, or more than one. @throws DefinitionError */
export function transportOf(job: AnyJob): Transport {
  return connectedTransport(job.id, connectionsOf(job));
}

/** The same job with every call bound to one transport, whatever else it is connected to. Inside a run there it is a step. */
export function bindJob<J extends AnyJob>(job: J, transport: Transport): J {
  const connections: Connections = { own: new Set([transport]), ofClient: new Set() };
  return Object.freeze({ ...job, ...createJobCalls(job.id, boundPlace(transport)), [CONNECTIONS]: connections });
}
