import type { Engine } from "@beckon/engine";
import type { Hono } from "hono";
import { mediaTypeOf, readBody, writeBody } from "./api-body.ts";
import { refuseApi } from "./refuse.ts";

/** Below the public URL, with a token behind it: what `io.waitForRequest` hands out. */
const REQUESTS_PATH = "/api/v1/requests";

/** Takes what outside services POST to a waiting run. The token in the URL is the credential, so no key is asked for. */
export function mountRequests(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.post(`${REQUESTS_PATH}/:token`, async (c) => {
    try {
      await engine.completeRequest({ token: c.req.param("token"), body: await readAny(c.req.raw) });
      return writeBody(c.req.raw, { delivered: true }, 200);
    } catch (error) {
      return refuseApi(c.req.raw, error);
    }
  });
}

/** Outside services send what they like: JSON as its value, a form as a record of its fields, anything else as text. */
async function readAny(request: Request): Promise<unknown> {
  const type = mediaTypeOf(request);
  if (type.endsWith("json")) return readBody(request);
  if (type === "application/x-www-form-urlencoded")
    return Object.fromEntries(new URLSearchParams(await request.text()));
  return (await request.text()) || undefined;
}
