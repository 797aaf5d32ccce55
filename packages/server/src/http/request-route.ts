import type { Engine } from "@beckon/engine";
import type { Hono } from "hono";
import { readAnyBody } from "./any-body.ts";
import { writeBody } from "./api-body.ts";

/** Below the public URL, with a token behind it: what `io.waitForRequest` hands out. */
const REQUESTS_PATH = "/api/v1/requests";

/** Takes what outside services POST to a waiting run. The token in the URL is the credential, so no key is asked for. */
export function mountRequests(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.post(`${REQUESTS_PATH}/:token`, async (c) => {
    const token = c.req.param("token");
    // First: what somebody sends who knows no token is not even read.
    await engine.checkRequest({ token });
    await engine.completeRequest({ token, body: await readAnyBody(c.req.raw) });
    return writeBody(c.req.raw, { delivered: true }, 200);
  });
}
