import { NotAllowedError } from "@beckon/core/runtime";
import { TRPCError } from "@trpc/server";
import type { Context, MiddlewareHandler } from "hono";
import type { ServerSettings } from "../server-options.ts";
import type { AppParts } from "./app-parts.ts";
import { hostOf } from "./loopback-guard.ts";
import { createReadingCheck } from "./reading.ts";
import type { Refuse } from "./refuse.ts";

/**
 * Guards a server that asks for no key from pages of other sites: browsers send what those post here, and with it what a host
 * before it knows their people by. Programs are let pass, and what is only read the browser keeps from such pages itself.
 */
export function pageGuard({ settings, router }: AppParts, refuse: Refuse): MiddlewareHandler {
  const isReading = createReadingCheck(router);
  return (c, next) => {
    const origin = c.req.header("origin");
    const isNamed = origin !== undefined && settings.cors.includes(origin);
    return isNamed || isOwnPage(c, settings) || isReading(c) ? next() : refuse(c.req, foreignPage(origin));
  };
}

/**
 * Browsers say whose page is asking. Over plain HTTP they tell only its origin, and pages at other ports of the same host are
 * of the same site. Programs tell neither, or that they are no page.
 */
export function isOwnPage({ req }: Context, { publicUrl }: ServerSettings): boolean {
  const site = req.header("sec-fetch-site");
  if (site !== undefined && site !== "none") return site === "same-origin";
  const origin = req.header("origin");
  if (origin === undefined) return true;
  const host = hostOf(origin);
  return host !== null && [req.header("host"), publicUrl && hostOf(publicUrl)].includes(host);
}

/** Pages in files and sandboxed frames share the origin "null", which `cors` does not take; some pages keep theirs to themselves. */
function foreignPage(origin = "null"): TRPCError {
  const message =
    origin === "null"
      ? "Pages without an origin of their own may not change anything here: serve the page over HTTP."
      : `Pages of ${origin} may not change anything here: add the origin to the option cors, or where it is this server's, ` +
        "set publicUrl to the address that browsers use.";
  return new TRPCError({ code: "FORBIDDEN", message, cause: new NotAllowedError(message) });
}
