import type { AnyTRPCProcedure } from "@trpc/server";
import type { Context } from "hono";
import type { AnyJobRouter } from "./any-job-router.ts";
import { readTRPCPath, TRPC_PATH } from "./refuse.ts";
import { isReading } from "./roles.ts";

/** Whether a request changes nothing: by its method, or as it posts questions that are too long for an address. */
export function createReadingCheck({ _def: { procedures } }: AnyJobRouter): (c: Context) => boolean {
  const byPath = new Map(Object.entries(procedures as unknown as Record<string, AnyTRPCProcedure>));
  const isQuestion = (path: string): boolean => {
    const { _def: definition } = byPath.get(path) ?? {};
    return definition?.type === "query" || definition?.type === "subscription";
  };
  return ({ req }) => {
    if (isReading(req.method)) return true;
    if (req.method !== "POST" || !req.path.startsWith(`${TRPC_PATH}/`)) return false;
    // One text for this and for tRPC, which divides it the same way.
    return readTRPCPath(req.raw)?.procedures.split(",").every(isQuestion) ?? false;
  };
}
