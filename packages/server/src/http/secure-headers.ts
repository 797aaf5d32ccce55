import type { MiddlewareHandler } from "hono";

/** What browsers are told with every answer: those that Hono's own middleware of this name sends. */
const SECURE_HEADERS = {
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=15552000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "SAMEORIGIN",
  "x-permitted-cross-domain-policies": "none",
  "x-xss-protection": "0",
} as const;

/**
 * Of answers that say nothing else of it: they hold what a key or a session opened, and no cache on the way, nor the
 * browser's own after a sign-out, is to show it again.
 */
const CACHE_CONTROL = "private, no-store";

/** The headers of an answer, those of security among them. Made once for each kind of answer. */
export type SecuredHeaders = Readonly<Record<string, string>> & typeof SECURE_HEADERS;

export function securing(headers: Readonly<Record<string, string>>): SecuredHeaders {
  return { "cache-control": CACHE_CONTROL, ...headers, ...SECURE_HEADERS };
}

const bornWithThem = new WeakSet<Response>();

/**
 * An answer that has the headers from its birth. Hono's Node bridge writes a text with a plain record of headers as
 * it is; touching `headers` of an answer first makes a `Headers` of it, which a small answer feels.
 */
export function createSecureResponse(
  text: string,
  init: { readonly status: number; readonly headers: SecuredHeaders },
): Response {
  const response = new Response(text, init);
  bornWithThem.add(response);
  return response;
}

/**
 * Adds the headers to every answer that was not born with them. Of a server that is mounted in a host one is taken off again:
 * whether its whole domain is reached by TLS alone is the host's to say, and browsers would keep to it for half a year.
 */
export function secureHeaders({ port }: { readonly port: number | null }): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!bornWithThem.has(c.res)) {
      for (const [name, value] of Object.entries(SECURE_HEADERS)) c.res.headers.set(name, value);
      if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", CACHE_CONTROL);
    }
    if (port === null) c.res.headers.delete("strict-transport-security");
  };
}
