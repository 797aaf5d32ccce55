import { NotFoundError } from "@beckon/core/runtime";
import { fromTRPCError } from "@beckon/router";
import type { Context, Hono } from "hono";
import { readBody, writeBody } from "../http/api-body.ts";
import type { AppParts } from "../http/app-parts.ts";
import { refuseApi } from "../http/refuse.ts";
import { createOpenApi } from "../openapi/create-open-api.ts";
import type { ApiCall, ApiRoute } from "./api-route.ts";
import { jobRoutes } from "./job-routes.ts";
import { runRoutes } from "./run-routes.ts";

const API_PATH = "/api/v1";

const routes: readonly ApiRoute[] = [...jobRoutes, ...runRoutes];

/** Serves the HTTP surface: each route is a call of the router, so both doors answer alike. */
export function mountApi(app: Hono, parts: AppParts): void {
  const { jobs } = parts;
  const nameById = new Map([...jobs].map(([name, { id }]) => [id, name]));
  for (const route of routes) {
    app.on(route.method, `${API_PATH}${route.path.replace("{id}", ":id")}`, (c) =>
      answer(c, { route, nameById, parts }),
    );
  }
  const document = () =>
    createOpenApi({
      routes,
      jobs,
      url: `${parts.publicUrl()}${API_PATH}`,
      hasKey: parts.settings.apiKey !== undefined,
    });
  app.get(`${API_PATH}/openapi.json`, (c) => c.json(document()));
}

interface Served {
  readonly route: ApiRoute;
  readonly nameById: ReadonlyMap<string, string>;
  readonly parts: AppParts;
}

async function answer(c: Context, { route, nameById, parts }: Served): Promise<Response> {
  const request = c.req.raw;
  try {
    const value = await route.handle(toCall(c, nameById, parts));
    return value instanceof Response ? value : writeBody(request, value, route.operation.status);
  } catch (error) {
    const refusal = refuseApi(request, error);
    if (refusal.status === 500) parts.settings.onError(fromTRPCError(error));
    return refusal;
  }
}

function toCall(c: Context, nameById: ReadonlyMap<string, string>, { router }: AppParts): ApiCall {
  const request = c.req.raw;
  const abort = new AbortController();
  const caller = router.createCaller({}, { signal: AbortSignal.any([request.signal, abort.signal]) });
  return {
    request,
    caller,
    abort: () => abort.abort(),
    branchOf: (jobId) => {
      const branch = caller.jobs[nameById.get(jobId) ?? ""];
      if (nameById.has(jobId) && branch !== undefined) return branch;
      throw new NotFoundError(`There is no job "${jobId}" on this server: GET ${API_PATH}/jobs names those there are.`);
    },
    id: c.req.param("id") ?? "",
    query: new URL(request.url).searchParams,
    body: () => readBody(request),
  };
}
