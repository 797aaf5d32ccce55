import { timingSafeEqual } from "hono/utils/buffer";
import type { ServerSettings } from "../server-options.ts";

/** What a key or a session allows: everything, or to look at everything and change nothing. */
export type Role = "full" | "read";

export type Keys = Pick<ServerSettings, "apiKey" | "readApiKey">;

/** The role that a key gives, compared in constant time; null when it is none of this server's. */
export async function roleOfKey(key: string, { apiKey, readApiKey }: Keys): Promise<Role | null> {
  if (apiKey !== undefined && (await timingSafeEqual(key, apiKey))) return "full";
  return readApiKey !== undefined && (await timingSafeEqual(key, readApiKey)) ? "read" : null;
}

/** Every call that changes something is sent with another method than these, through tRPC and REST alike; not all others are. */
export function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
