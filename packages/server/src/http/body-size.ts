import { TRPCError } from "@trpc/server";
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { failToRead } from "./api-body.ts";
import type { Refuse } from "./refuse.ts";

/** Beyond this a body is refused: a run's payload belongs in a row, and larger things in a store that the payload names. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Refuses bodies that are too large, before they are read. A length that was announced is the HTTP parser's to
 * hold, so only bodies without one are counted by Hono's middleware: it would build the whole `Request` for
 * every call, which doubles the cost of a small one.
 */
export function limitBody(refuse: Refuse): MiddlewareHandler {
  const counted = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => refuse(c.req, tooLarge()) });
  return (c, next) => {
    const { headers, method } = c.req.raw;
    if (method === "GET" || method === "HEAD") return next();
    const length = headers.get("content-length");
    if (length !== null && !headers.has("transfer-encoding")) {
      return Number(length) > MAX_BODY_BYTES ? refuse(c.req, tooLarge()) : next();
    }
    // The request of Hono's Node bridge is none that `new Request` takes; its clone is.
    c.req.raw = c.req.raw.clone();
    // What fails behind it is answered there: only reading can reject here.
    return counted(c, next).catch(failToRead);
  };
}

function tooLarge(): TRPCError {
  return new TRPCError({
    code: "PAYLOAD_TOO_LARGE",
    message: `The body is larger than ${MAX_BODY_BYTES / 1024 / 1024} MB: put large data into a file store, and send where it is.`,
  });
}
