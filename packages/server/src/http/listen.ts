import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { StartError } from "../start-error.ts";

/** Longer than proxies keep a connection that they may send the next request on: Node's 5 s would cut some of those off. */
const KEEP_ALIVE_MS = 65_000;

/** A port that is listened on. */
export interface Listener {
  /** As programs on this machine reach it, without a slash at its end. */
  readonly url: string;
  /** Takes no more connections, and resolves when the last is closed: those that answer may finish for `graceMs`. */
  close(graceMs: number): Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/** Listens on a port. @throws StartError when it cannot */
export async function listen({ host, port, fetch }: ListenOptions): Promise<Listener> {
  const handle = getRequestListener(fetch);
  const server = createServer((request, response) => {
    response.on("close", endIdle);
    void handle(request, response);
  });
  // A connection that was answering when the server began to close is kept by its client, for a request that may not come.
  const endIdle = (): void => {
    if (!server.listening) server.closeIdleConnections();
  };
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await startListening(server, host, port);
  const address = server.address() as AddressInfo;
  return {
    url: `http://${toUrlHost(host)}:${address.port}`,
    close: (graceMs) => close(server, graceMs),
  };
}

function startListening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(toStartError(error, host, port)));
    server.listen({ host, port }, resolve);
  });
}

function toStartError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const sentence = sentenceFor(error.code, host, port);
  return sentence === null ? error : new StartError(sentence, { cause: error });
}

function sentenceFor(code: string | undefined, host: string, port: number): string | null {
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is taken by another program: stop it, or choose another port.`;
    case "EACCES":
      return `Port ${port} on ${host} is not allowed to this user: choose one from 1024 on.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `${host} is no address of this machine: listen on 127.0.0.1, or on 0.0.0.0 for all addresses.`;
    default:
      return null;
  }
}

/** What listens on every address is reached by the loopback one; an IPv6 address stands in brackets in a URL. */
function toUrlHost(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
