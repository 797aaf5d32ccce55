import { NotFoundError } from "@beckon/core/runtime";
import { fromTRPCError } from "@beckon/router";
import { callTRPCProcedure } from "@trpc/server";
import type { Context, Hono } from "hono";
import type { AnyCaller } from "../http/any-job-router.ts";
import { JSON_TYPE, readBody, writeBody } from "../http/api-body.ts";
import type { AppParts } from "../http/app-parts.ts";
import { refuseApi } from "../http/refuse.ts";
import { createOpenApi } from "../openapi/create-open-api.ts";
import { toPlainJson } from "../plain-json.ts";
import type { ApiCall, ApiRoute, JobBranch } from "./api-route.ts";
import { jobRoutes } from "./job-routes.ts";
import { runRoutes } from "./run-routes.ts";

const API_PATH = "/api/v1";

const routes: readonly ApiRoute[] = [...jobRoutes, ...runRoutes];

/** Serves the HTTP surface: each route is a call of the router, so both doors answer alike. */
export function mountApi(app: Hono, parts: AppParts): void {
  const { jobs, router } = parts;
  const caller = router.createCaller({});
  const branchOf = createBranches(parts);
  for (const route of routes) {
    const served: Served = { route, caller, branchOf, parts };
    app.on(route.method, `${API_PATH}${route.path.replace("{id}", ":id")}`, (c) => answer(c, served));
  }
  const document = () =>
    createOpenApi({
      routes,
      jobs,
      url: `${parts.publicUrl()}${API_PATH}`,
      hasKey: parts.settings.apiKey !== undefined,
    });
  // As plain JSON, since an example may hold what JSON has not.
  app.get(`${API_PATH}/openapi.json`, (c) => c.body(toPlainJson(document()), 200, { "content-type": JSON_TYPE }));
}

interface Served {
  readonly route: ApiRoute;
  /** For the routes that wait for nothing; made once, as each caller remembers what was called on it. */
  readonly caller: AnyCaller;
  readonly branchOf: ApiCall["branchOf"];
  readonly parts: AppParts;
}

async function answer(c: Context, served: Served): Promise<Response> {
  const { route, parts } = served;
  const request = c.req.raw;
  try {
    const value = await route.handle(toCall(c, served));
    return value instanceof Response ? value : writeBody(request, value, route.operation.status);
  } catch (error) {
    const refusal = refuseApi(request, error);
    if (refusal.status === 500) parts.settings.onError(fromTRPCError(error));
    return refusal;
  }
}

function toCall(c: Context, { route, caller, branchOf, parts }: Served): ApiCall {
  const request = c.req.raw;
  // A signal costs as much as the rest of a small call, so who does not wait has none.
  const abort = route.isWaiting === true ? new AbortController() : undefined;
  return {
    request,
    caller:
      abort === undefined
        ? caller
        : parts.router.createCaller({}, { signal: AbortSignal.any([request.signal, abort.signal]) }),
    abort: () => abort?.abort(),
    branchOf,
    id: c.req.param("id") ?? "",
    query: () => new URL(request.url).searchParams,
    body: () => readBody(request),
  };
}

/** The procedures of each job, by its id: the router knows jobs by the names of their exports. */
function createBranches({ router, jobs }: AppParts): ApiCall["branchOf"] {
  // Straight to the procedure: every step through a caller's proxies makes strings and arrays anew.
  const procedureAt =
    (path: string) =>
    (input: unknown, signal?: AbortSignal): Promise<unknown> =>
      callTRPCProcedure({
        router,
        path,
        type: "mutation",
        getRawInput: () => Promise.resolve(input),
        ctx: {},
        signal,
        batchIndex: 0,
      });
  const byId = new Map<string, JobBranch>();
  for (const [name, { id }] of jobs) {
    byId.set(id, {
      invoke: procedureAt(`jobs.${name}.invoke`),
      invokeAndWait: procedureAt(`jobs.${name}.invokeAndWait`) as JobBranch["invokeAndWait"],
      batchInvoke: procedureAt(`jobs.${name}.batchInvoke`),
    });
  }
  return (jobId) => {
    const branch = byId.get(jobId);
    if (branch !== undefined) return branch;
    throw new NotFoundError(`There is no job "${jobId}" on this server: GET ${API_PATH}/jobs names those there are.`);
  };
}
