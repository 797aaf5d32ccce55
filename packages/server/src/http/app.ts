import { toTRPCError } from "@beckon/router";
import { TRPCError } from "@trpc/server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { HTTPException } from "hono/http-exception";
import { methodNotAllowed } from "hono/method-not-allowed";
import { mountApi } from "../api/mount-api.ts";
import { mountDashboard } from "../dashboard/mount-dashboard.ts";
import { keyGuard } from "./access.ts";
import type { AppParts } from "./app-parts.ts";
import { limitBody } from "./body-size.ts";
import { mountHealth } from "./health.ts";
import { createPathReader } from "./mount-path.ts";
import { mountTRPC } from "./mount-trpc.ts";
import { pageGuard } from "./page-guard.ts";
import { createRefuse, type Placed, refuseApi, type Refuse } from "./refuse.ts";
import { guardRequests, mountRequests } from "./request-route.ts";
import { secureHeaders } from "./secure-headers.ts";
import { mountSessions } from "./sessions.ts";

/** Everything that is served, as one `fetch`. */
export function createApp(parts: AppParts): Hono {
  const { settings, router, metrics } = parts;
  const refuse = createRefuse(router);
  const app = new Hono({ getPath: createPathReader(settings.publicUrl) });
  app.use(metrics.observe);
  app.use(secureHeaders(settings));
  if (settings.cors.length > 0)
    app.use(cors({ origin: [...settings.cors], maxAge: 86_400, exposeHeaders: ["retry-after"] }));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: refuseMethod }));
  guardRequests(app, parts);
  app.use(limitBody(refuse));
  mountDashboard(app, parts);
  mountHealth(app, parts);
  mountRequests(app, parts);
  mountSessions(app, settings);
  app.use(settings.apiKey === undefined ? pageGuard(parts, refuse) : keyGuard(parts, refuse));
  metrics.mount(app);
  mountTRPC(app, parts);
  mountApi(app, parts);
  app.notFound((c) =>
    refuseApi(c.req.raw, new TRPCError({ code: "NOT_FOUND", message: `There is nothing at ${c.req.path}.` })),
  );
  app.onError((error, c) => handleError(error, { request: c.req, refuse, onError: settings.onError }));
  return app;
}

function refuseMethod(
  { req }: { readonly req: { readonly raw: Request; readonly path: string; readonly method: string } },
  allowed: readonly string[],
): Response {
  const error = new TRPCError({
    code: "METHOD_NOT_SUPPORTED",
    message: `${req.method} does nothing at ${req.path}: use ${allowed.join(" or ")}.`,
  });
  const response = refuseApi(req.raw, error);
  response.headers.set("allow", allowed.join(", "));
  return response;
}

interface FailedRequest {
  readonly request: Placed;
  readonly refuse: Refuse;
  readonly onError: (error: unknown) => void;
}

/** Refusals that Hono's middlewares throw are answers already; of whatever else comes here some was not foreseen. */
function handleError(error: Error, { request, refuse, onError }: FailedRequest): Response | Promise<Response> {
  if (error instanceof HTTPException) return error.getResponse();
  const refused = toTRPCError(error);
  if (refused.code === "INTERNAL_SERVER_ERROR") onError(error);
  return refuse(request, refused);
}
