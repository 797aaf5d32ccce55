import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import { annotate, type Annotated, restore } from "@beckon/core/runtime";

/** A request as the server received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly search: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The value that was sent in the body or in the query, superjson read; of a batch the list of its inputs. */
  readonly input: unknown;
}

type Reply = (response: ServerResponse) => void;

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
}

/** A real HTTP server on a port of its own that answers as the test says, the nth request with the nth reply or the last. */
export async function startScriptedServer(
  ...replies: readonly ((request: ReceivedRequest) => Reply)[]
): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const request = await readRequest(incoming);
    const reply = replies[Math.min(requests.length, replies.length - 1)];
    requests.push(request);
    reply?.(request)(response);
  };
  const server = createServer((incoming, response) => void serve(incoming, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, [Symbol.asyncDispose]: () => stop(server) };
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const url = new URL(incoming.url ?? "", "http://server");
  const text = (await readText(incoming)) || (url.searchParams.get("input") ?? "");
  return {
    method: incoming.method ?? "",
    path: url.pathname,
    search: url.searchParams,
    headers: incoming.headers,
    input: text === "" ? undefined : readInput(JSON.parse(text), url.searchParams.has("batch")),
  };
}

function readInput(body: unknown, isBatch: boolean): unknown {
  return isBatch ? Object.values(body as Record<string, Annotated>).map(restore) : restore(body as Annotated);
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** A procedure's result. */
export function result(data: unknown): Reply {
  return json(200, { result: { data: annotate(data, "data") } });
}

/** The results of a batch. */
export function results(...data: readonly unknown[]): Reply {
  return json(
    200,
    data.map((one) => ({ result: { data: annotate(one, "data") } })),
  );
}

/** A procedure's refusal, in tRPC's shape. */
export function refusal(
  httpStatus: number,
  wire: object | null,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const error = { message: "It was refused.", code: -1, data: { code: "X", httpStatus, beckon: wire } };
  return json(httpStatus, { error: annotate(error, "error") }, headers);
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

/** What a proxy says in the place of the server. */
export function page(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) => response.writeHead(status, { "content-type": "text/html", ...headers }).end("<h1>no</h1>");
}

/** Closes the connection without an answer. */
export function hangUp(response: ServerResponse): void {
  response.destroy();
}

/** A stream of server-sent events; it ends, or breaks off. */
export function stream(text: string, end: "ends" | "breaks off"): Reply {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(text, () => {
      if (end === "ends") response.end();
      else response.destroy();
    });
  };
}

/** One tracked event, as tRPC writes it. */
export function eventText(seq: number, event: object): string {
  return `data: ${JSON.stringify(annotate({ seq, at: new Date(seq), ...event }, "event"))}\nid: ${seq}\n\n\n`;
}

/** A refusal inside a stream, as tRPC writes it. */
export function errorText(httpStatus: number, wire: object): string {
  const error = annotate({ message: "x", data: { httpStatus, beckon: wire } }, "error");
  return `event: serialized-error\ndata: ${JSON.stringify(error)}\n\n\n`;
}
