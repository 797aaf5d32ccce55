import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import { exchange as exchangeByFetch } from "../exchange-by-fetch.ts";
import type { Exchange, ExchangeRequest } from "../exchange.ts";
import { checkRedirect, toAddress, toRefusal } from "../refused-requests.ts";

/** How long to wait for a connection, and for a server that says nothing: as long as Node's `fetch` does. */
export interface Patience {
  readonly connectMs: number;
  readonly silenceMs: number;
}

/** Node makes as many connections as there are requests. */
export const MOST_OPEN = Number.POSITIVE_INFINITY;

export const exchange = createExchange({ connectMs: 10_000, silenceMs: 300_000 });

/*
 * In Node `fetch` spends more than twice the time on a small request that `http` does, and a call with its result is two
 * of them. The global agents keep connections, go through the proxies that the environment names where Node is told to,
 * and can be set up by the host.
 */
export function createExchange(patience: Patience): Exchange {
  return async (url, request) => {
    const from = toAddress(url);
    const answer = await begin(from, request, patience).catch(refuse);
    const { statusCode: status = 0, headers } = answer;
    // Rare, and what following it takes is known to `fetch`.
    if (isRedirect(status, headers.location)) {
      answer.destroy();
      checkRedirect({ from, method: request.method, status, location: headers.location });
      return exchangeByFetch(url, request);
    }
    return { status, headers: { get: (name) => headers[name]?.toString() ?? null }, text: await text(answer) };
  };
}

export async function fetchResponse(url: string, init: RequestInit): Promise<Response> {
  const from = toAddress(url);
  const response = await fetch(url, { ...init, redirect: "manual" }).catch(refuse);
  const { status, headers } = response;
  const location = headers.get("location") ?? undefined;
  if (!isRedirect(status, location)) return response;
  await response.body?.cancel();
  checkRedirect({ from, method: init.method, status, location });
  return fetch(url, init);
}

function isRedirect(status: number, location: string | undefined): location is string {
  return status >= 300 && status < 400 && location !== undefined;
}

function refuse(error: unknown): never {
  throw toRefusal(error);
}

function begin(
  url: URL,
  { method = "GET", headers, body, signal }: ExchangeRequest,
  { connectMs, silenceMs }: Patience,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = send(url, { method, headers, timeout: connectMs, ...(signal && { signal }) }, resolve);
    const beginSilence = (): void => void request.setTimeout(silenceMs);
    request.on("socket", (socket) => {
      if (socket.connecting) socket.once("connect", beginSilence);
      else beginSilence();
    });
    // Also within the answer, whose reading then fails.
    request.on("timeout", () => request.destroy(new Error("it did not answer in time")));
    request.on("error", reject);
    request.end(body);
  });
}
