import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text } from "node:stream/consumers";
import { exchange as exchangeByFetch } from "../exchange-by-fetch.ts";
import type { Exchange, ExchangeRequest } from "../exchange.ts";

/*
 * In Node `fetch` spends more than twice the time on a small request that `http` does, and a call with its result is two
 * of them. The global agents keep connections, go through the proxies that the environment names where Node is told to,
 * and can be set up by the host.
 */
export const exchange: Exchange = async (url, request) => {
  const answer = await begin(url, request);
  const { statusCode: status = 0, headers } = answer;
  // Rare, and what following it takes is known to `fetch`.
  if (status >= 300 && status < 400 && headers.location !== undefined) {
    answer.destroy();
    return exchangeByFetch(url, request);
  }
  return { status, headers: { get: (name) => headers[name]?.toString() ?? null }, text: await text(answer) };
};

function begin(url: string, { method = "GET", headers, body, signal }: ExchangeRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? requestHttps : requestHttp;
    send(url, { method, headers, ...(signal && { signal }) }, resolve)
      .on("error", reject)
      .end(body);
  });
}
