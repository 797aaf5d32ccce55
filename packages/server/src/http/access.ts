import { NotAllowedError } from "@beckon/core/runtime";
import { TRPCError } from "@trpc/server";
import type { Context, MiddlewareHandler } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import type { ServerSettings } from "../server-options.ts";
import type { AppParts } from "./app-parts.ts";
import { isOwnPage } from "./page-guard.ts";
import { createReadingCheck } from "./reading.ts";
import type { Placed, Refuse } from "./refuse.ts";
import { type Role, roleOfKey } from "./roles.ts";
import { roleOfSession } from "./sessions.ts";

/** Asks every request for one of the server's keys, compared in constant time, or for a session of the dashboard. */
export function keyGuard({ settings, router }: AppParts, refuse: Refuse): MiddlewareHandler {
  const isReading = createReadingCheck(router);
  const mayPass = (role: Role, c: Context): boolean => role === "full" || isReading(c);
  const askForKey = createKeyCheck(settings, { refuse, mayPass });
  return async (c, next) => {
    // A proxy that has people sign in by itself passes on what they sent it.
    const hasBearer = /^bearer /i.test(c.req.header("authorization") ?? "");
    const role = hasBearer ? null : await roleOfSession(c, settings);
    if (role === null) return askForKey(c, next);
    if (!mayPass(role, c)) return refuse(c.req, readOnly());
    // Beside `SameSite`, which keeps the cookie from requests of other sites.
    if (!isReading(c) && !isOwnPage(c, settings)) return refuse(c.req, foreignPage());
    return next();
  };
}

interface KeyCheckParts {
  readonly refuse: Refuse;
  readonly mayPass: (role: Role, c: Context) => boolean;
}

function createKeyCheck(settings: ServerSettings, { refuse, mayPass }: KeyCheckParts): MiddlewareHandler {
  const answer = (message: string) => ({
    message: ({ req }: { readonly req: Placed }) => refuse(req, unauthorized(message)),
  });
  const missing = answer("This server asks for its key: send the header Authorization: Bearer <key>.");
  const check = bearerAuth({
    verifyToken: async (token) => (await roleOfKey(token, settings)) !== null,
    noAuthenticationHeader: missing,
    invalidAuthenticationHeader: missing,
    invalidToken: answer("The key is not this server's: check the token that is sent as Authorization: Bearer <key>."),
  });
  return (c, next) =>
    check(c, async () => {
      const token = c.req.header("authorization")?.replace(/^Bearer +/i, "") ?? "";
      const role = await roleOfKey(token, settings);
      if (role !== null && mayPass(role, c)) return next();
      c.res = await refuse(c.req, readOnly());
      return undefined;
    });
}

function unauthorized(message: string): TRPCError {
  return new TRPCError({ code: "UNAUTHORIZED", message, cause: new NotAllowedError(message) });
}

function foreignPage(): TRPCError {
  const message =
    "The page that asks for this change is not this server's. Where a proxy stands before it, " +
    "have that pass on the Host header, or set publicUrl to the address that browsers use.";
  return new TRPCError({ code: "FORBIDDEN", message, cause: new NotAllowedError(message) });
}

function readOnly(): TRPCError {
  const message = "This key may look at everything and change nothing: use the server's full key for that.";
  return new TRPCError({ code: "FORBIDDEN", message, cause: new NotAllowedError(message) });
}
