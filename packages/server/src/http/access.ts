import { NotAllowedError } from "@beckon/core/runtime";
import { TRPCError } from "@trpc/server";
import type { MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import type { Refuse } from "./refuse.ts";

/** Asks every request for the server's key, compared in constant time. */
export function keyGuard(apiKey: string, refuse: Refuse): MiddlewareHandler {
  const answer = (message: string) => ({
    message: ({ req }: { readonly req: { readonly raw: Request } }) => refuse(req.raw, unauthorized(message)),
  });
  const missing = answer("This server asks for its key: send the header Authorization: Bearer <key>.");
  return bearerAuth({
    token: apiKey,
    noAuthenticationHeader: missing,
    invalidAuthenticationHeader: missing,
    invalidToken: answer("The key is not this server's: check the token that is sent as Authorization: Bearer <key>."),
  });
}

function unauthorized(message: string): TRPCError {
  return new TRPCError({ code: "UNAUTHORIZED", message, cause: new NotAllowedError(message) });
}
