import type { TRPCError } from "@trpc/server";
import { resolveResponse } from "@trpc/server/http";
import type { HonoRequest } from "hono";
import type { AnyJobRouter } from "./any-job-router.ts";
import { writeBody } from "./api-body.ts";
import { toApiError } from "./api-error.ts";

/** Where the tRPC router is mounted. */
export const TRPC_PATH = "/trpc";

/** When to come back, in seconds, to a server that is stopping or cannot write just now. */
export const RETRY_AFTER_S = "1";

/** A request, and its path below that of the public URL. */
export type Placed = Pick<HonoRequest, "raw" | "path">;

/** Answers a request that got no further than the door, in the shape that its caller reads. */
export type Refuse = (request: Placed, error: TRPCError) => Promise<Response>;

export function createRefuse(router: AnyJobRouter): Refuse {
  return async ({ raw: request, path }, error) => {
    // A job may be called so, too.
    const trpc = path.startsWith(`${TRPC_PATH}/`) ? readTRPCPath(request) : null;
    if (trpc === null) return refuseApi(request, error);
    // tRPC then writes the answer that its clients read, once for each call of a batch, and leaves the body unread. It looks
    // for no procedure: which there are is not told at the door.
    return resolveResponse({ req: request, path: trpc.procedures, router, error, createContext: async () => ({}) });
  };
}

export function refuseApi(request: Request, error: unknown): Response {
  const { status, body } = toApiError(error);
  const response = writeBody(request, body, status);
  if (status === 503) response.headers.set("retry-after", RETRY_AFTER_S);
  return response;
}

/** Which procedures a request to tRPC calls, and what stands behind the path; null where that cannot be one. */
export function readTRPCPath({ url }: Request): { readonly procedures: string; readonly search: string } | null {
  const { pathname, search } = new URL(url);
  // The last one: what it is mounted under may have such a part, the names of procedures have no slash.
  const at = pathname.lastIndexOf(`${TRPC_PATH}/`);
  if (at < 0) return null;
  const procedures = pathname.slice(at + TRPC_PATH.length + 1).replace(/\/$/, "");
  return procedures.includes("/") ? null : { procedures, search };
}
