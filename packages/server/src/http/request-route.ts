import type { Engine } from "@beckon/engine";
import type { Hono } from "hono";
import { mediaTypeOf, readBody, writeBody } from "./api-body.ts";

/** Below the public URL, with a token behind it: what `io.waitForRequest` hands out. */
const REQUESTS_PATH = "/api/v1/requests";

/** Takes what outside services POST to a waiting run. The token in the URL is the credential, so no key is asked for. */
export function mountRequests(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.post(`${REQUESTS_PATH}/:token`, async (c) => {
    await engine.completeRequest({ token: c.req.param("token"), body: await readAny(c.req.raw) });
    return writeBody(c.req.raw, { delivered: true }, 200);
  });
}

/**
 * Outside services send what they like: JSON as its value, a form as a record of its fields (a list for one that comes more
 * than once), anything else as text.
 */
async function readAny(request: Request): Promise<unknown> {
  const type = mediaTypeOf(request);
  if (type.endsWith("json")) return readBody(request);
  if (type === "application/x-www-form-urlencoded") return toRecord(new URLSearchParams(await request.text()));
  return (await request.text()) || undefined;
}

function toRecord(fields: URLSearchParams): Readonly<Record<string, unknown>> {
  const names = [...new Set(fields.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const [first, ...others] = fields.getAll(name);
      return [name, others.length === 0 ? first : [first, ...others]];
    }),
  );
}
