import type { TRPCError } from "@trpc/server";
import { resolveResponse } from "@trpc/server/http";
import type { AnyJobRouter } from "./any-job-router.ts";
import { writeBody } from "./api-body.ts";
import { toApiError } from "./api-error.ts";

/** Where the tRPC router is mounted. */
export const TRPC_PATH = "/trpc";

/** Answers a request that got no further than the door, in the shape that its caller reads. */
export type Refuse = (request: Request, error: TRPCError) => Promise<Response>;

export function createRefuse(router: AnyJobRouter): Refuse {
  return async (request, error) => {
    const { pathname } = new URL(request.url);
    if (!isTRPCPath(pathname)) return refuseApi(request, error);
    // tRPC then writes the answer that its clients read, once for each call of a batch, and leaves the body unread.
    return resolveResponse({
      req: request,
      path: pathname.slice(TRPC_PATH.length + 1),
      router,
      error: null,
      createContext: () => Promise.reject(error),
    });
  };
}

export function refuseApi(request: Request, error: unknown): Response {
  const { status, body } = toApiError(error);
  return writeBody(request, body, status);
}

export function isTRPCPath(pathname: string): boolean {
  return pathname === TRPC_PATH || pathname.startsWith(`${TRPC_PATH}/`);
}
