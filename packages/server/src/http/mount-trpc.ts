import { callTRPCProcedure } from "@trpc/server";
import { resolveResponse } from "@trpc/server/http";
import type { Hono } from "hono";
import type { AppParts } from "./app-parts.ts";
import { createLoneCalls } from "./lone-call.ts";
import { readTRPCPath, RETRY_AFTER_S, TRPC_PATH } from "./refuse.ts";

/**
 * Serves the router. What nearly every request is, one query or one mutation, is answered here: tRPC's own way is
 * made for batches and streams, and what it prepares for them costs more than a small call. Whatever else comes is
 * tRPC's to answer, and so is every error.
 */
export function mountTRPC(app: Hono, parts: AppParts): void {
  const { router } = parts;
  const loneCalls = createLoneCalls(router);
  const answerByTRPC = createTRPCAnswer(parts);
  app.all(`${TRPC_PATH}/*`, async ({ req: { raw: request } }) => {
    const call = loneCalls.read(request);
    if (call === null) return answerByTRPC(request, () => Promise.resolve({}));
    try {
      return loneCalls.write(await callTRPCProcedure({ ...call, router, ctx: {}, batchIndex: 0 }));
    } catch (error) {
      return answerByTRPC(request, () => Promise.reject(error));
    }
  });
}

type CreateContext = () => Promise<object>;

/** An error is answered by throwing it where the context is made: then the body, which was read, is not asked for again. */
function createTRPCAnswer({ router, settings }: AppParts) {
  return (request: Request, createContext: CreateContext): Promise<Response> =>
    resolveResponse({
      req: request,
      path: readTRPCPath(request)?.procedures ?? "",
      router,
      error: null,
      createContext,
      // A question may be too long for an address.
      allowMethodOverride: true,
      responseMeta: ({ errors }) => {
        const isUnavailable = errors.some(({ code }) => code === "SERVICE_UNAVAILABLE");
        return isUnavailable ? { headers: new Headers({ "retry-after": RETRY_AFTER_S }) } : {};
      },
      onError: ({ error }) => {
        if (error.code === "INTERNAL_SERVER_ERROR") settings.onError(error.cause ?? error);
      },
    });
}
