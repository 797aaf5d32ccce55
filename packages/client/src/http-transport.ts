import {
  NotFoundError,
  refuseUnknownOptions,
  restore,
  type ResultRequest,
  type RunResult,
  type Transport,
} from "@beckon/core/runtime";
import { refusedCall } from "./call-failure.ts";
import { type Connection, createConnection } from "./connection.ts";
import { type HeldAnswer, HELD_MS, type WrittenCall } from "./job-doors.ts";
import type { ConnectionOptions } from "./server-requests.ts";
import { createWireTransport } from "./wire-transport.ts";

/** How another process is reached. */
export interface HttpTransportOptions extends Omit<ConnectionOptions, "token"> {
  /** The server's `apiKey`, where it has one. */
  readonly apiKey?: string | undefined;
}

/** Every option there is: one that is missing here does not compile. */
const KNOWN_OPTIONS: Readonly<Record<keyof HttpTransportOptions, true>> = {
  url: true,
  apiKey: true,
  headers: true,
  fetch: true,
};

/** The type of superjson, in which dates, maps and the like are kept. */
const RICH_TYPE = "application/superjson+json";

/**
 * Connects a client's jobs to the server that runs them, from another process.
 *
 * @example client.connect(httpTransport({ url: "http://localhost:3000", apiKey }));
 */
export function httpTransport(options: HttpTransportOptions): Transport {
  refuseUnknownOptions(options, KNOWN_OPTIONS);
  const connection = createConnection({ ...options, token: options.apiKey });
  const transport = createWireTransport(connection, {
    invoke: (...call) => invoke(connection, ...call),
    invokeAndWait: (...call) => invokeHeld(connection, ...call),
    resultPath: () => "runs.result",
  });
  return { ...transport, result: async (request) => checkJob(await transport.result(request), request) };
}

/** `runs.result` tells of the runs of all jobs, and the result of another one is not of the handle's type. @throws NotFoundError */
function checkJob(result: RunResult<unknown, unknown>, { jobId, runId }: ResultRequest): RunResult<unknown, unknown> {
  if (result.job.id === jobId) return result;
  throw new NotFoundError(`There is no run "${runId}" here of job "${jobId}": check the id.`);
}

async function invoke(
  connection: Connection,
  { jobId, isBatch, text: body }: WrittenCall,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { id, ids } = await post(connection, { jobId, door: isBatch ? "batch" : "invoke", body, signal });
  return ids ?? [id as string];
}

async function invokeHeld(
  connection: Connection,
  { jobId, text: body }: WrittenCall,
  signal: AbortSignal,
): Promise<HeldAnswer> {
  const headers = { prefer: `wait=${HELD_MS / 1_000}` };
  const answer = await post(connection, { jobId, door: "invoke", body, headers, signal });
  // A server that holds no requests says only which run it made.
  return ("ok" in answer ? answer : { id: answer.id, pending: true }) as HeldAnswer;
}

interface Posted {
  readonly jobId: string;
  readonly door: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** A job's own handle knows its id and not under which name the server exports it: REST takes ids. @throws CallFailure */
async function post(connection: Connection, { jobId, door, body, headers, signal }: Posted): Promise<InvokeAnswer> {
  const answer = await connection.ask(`/api/v1/jobs/${encodeURIComponent(jobId)}/${door}`, {
    method: "POST",
    headers: { "content-type": RICH_TYPE, accept: RICH_TYPE, ...headers },
    body,
    signal,
  });
  const made = readAnswer(answer.body);
  if (made.id !== undefined || made.ids !== undefined) return made;
  const { error } = made;
  const { status, headers: told } = answer;
  throw refusedCall({ status, message: error?.message, wire: { jobId, ...error }, headers: told });
}

/** The run that was made, the runs, or the result of the run; or a refusal, which names none. */
interface InvokeAnswer {
  readonly id?: string;
  readonly ids?: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

/** Of whatever else answers in JSON, such as a gateway whose server is away, nothing is read. */
function readAnswer(json: unknown): InvokeAnswer {
  const isRich = typeof json === "object" && json !== null && "json" in json;
  return (isRich ? restore(json) : undefined) ?? {};
}
