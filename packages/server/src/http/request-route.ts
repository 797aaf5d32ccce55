import type { Engine } from "@beckon/engine";
import type { Hono } from "hono";
import { readAnyBody } from "./any-body.ts";
import { writeBody } from "./api-body.ts";

/** Below the public URL, with a token behind it: what `io.waitForRequest` hands out. */
const REQUEST_PATH = "/api/v1/requests/:token";

/** Before a body is read, or counted: of somebody who knows no token nothing is. */
export function guardRequests(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.post(REQUEST_PATH, async (c, next) => {
    await engine.checkRequest({ token: c.req.param("token") });
    await next();
  });
}

/** Takes what outside services POST to a waiting run. The token in the URL is the credential, so no key is asked for. */
export function mountRequests(app: Hono, { engine }: { readonly engine: Engine }): void {
  app.post(REQUEST_PATH, async (c) => {
    await engine.completeRequest({ token: c.req.param("token"), body: await readAnyBody(c.req.raw) });
    return writeBody(c.req.raw, { delivered: true }, 200);
  });
}
