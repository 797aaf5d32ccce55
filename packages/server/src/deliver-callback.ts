import { createHmac } from "node:crypto";
import type { DeliverCallback } from "@beckon/engine";
import { toPlainJson } from "./plain-json.ts";

/** After this long a receiver counts as not there; it is tried again later. */
const TIMEOUT_MS = 30_000;

/** Carries the HMAC-SHA256 of the raw body, in hex. */
const SIGNATURE_HEADER = "X-Beckon-Signature-256";

/**
 * POSTs results to callback URLs as JSON, signed when there is a secret. Anything but a 2xx is a rejection, and
 * the engine tries again; redirects are not followed, because the body was meant for the URL that was given.
 */
export function createCallbackDelivery(signingSecret: string | undefined): DeliverCallback {
  return async ({ url, result }) => {
    const body = toPlainJson(result);
    const headers = {
      "content-type": "application/json",
      "user-agent": "Beckon",
      ...(signingSecret !== undefined && { [SIGNATURE_HEADER]: sign(body, signingSecret) }),
    };
    const { ok, status } = await post(url, { headers, body });
    if (!ok) throw new Error(`${url} answered ${status}.`);
  };
}

/** @throws DOMException TimeoutError, where there is no answer in time */
async function post(url: string, request: Pick<RequestInit, "headers" | "body">): Promise<Response> {
  const over = new AbortController();
  const fail = (): void =>
    over.abort(new DOMException(`${url} did not answer within ${TIMEOUT_MS / 1_000} s.`, "TimeoutError"));
  // Taken back below: that of an `AbortSignal.timeout` would run on after each answer that came at once.
  const timer = setTimeout(fail, TIMEOUT_MS);
  try {
    const response = await fetch(url, { method: "POST", ...request, redirect: "manual", signal: over.signal });
    // The answer's body is of no interest, and unread it would hold the connection.
    await response.body?.cancel();
    return response;
  } finally {
    clearTimeout(timer);
  }
}

function sign(body: string, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}
