import type { Exchange, ExchangeRequest } from "./exchange.ts";

/**
 * So many requests to a server may stay open, and one more for whatever does not fit: of the six connections that a browser makes
 * over HTTP/1.1, two are left for calls.
 */
export const MOST_OPEN = 3;

/** By the `fetch` that is there when it is called. */
export const exchange: Exchange = (url, request) => exchangeBy(fetch)(url, request);

/** Of a stream, whose end nobody waits for. */
export const fetchResponse = (url: string, init: RequestInit): Promise<Response> => fetch(url, init);

export function exchangeBy(fetchOnce: typeof fetch): Exchange {
  return async (url, request) => {
    const response = await fetchOnce(url, toInit(request));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

export function toInit({ method = "GET", headers, body, signal }: ExchangeRequest): RequestInit {
  return { method, headers, body: body ?? null, signal: signal ?? null };
}
