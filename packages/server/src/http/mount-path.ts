import { getPath } from "hono/utils/url";

/** Where something is served. */
const DOORS = /^\/($|(api\/v1|trpc|assets|jobs|runs|session|healthz|readyz|metrics|theme\.js|beckon\.svg)(\/|$))/;

/**
 * Reads the path of a request without that of the public URL, where it is still there: some hosts hand a mounted
 * server the whole path (Next), others the rest of it (Hono, Express). Mounted at `/api`, the rest may begin like the whole:
 * what stands behind tells which it is.
 */
export function createPathReader(publicUrl: string | undefined): (request: Request) => string {
  // Read as the paths of requests are: an address spells what it cannot hold in percents, which these are without.
  const { pathname } = new URL(publicUrl ?? "http://localhost");
  const prefix = getPath(new Request(`http://localhost${pathname}`)).replace(/\/+$/, "");
  if (prefix === "") return getPath;
  return (request) => {
    const path = getPath(request);
    if (path === prefix) return "/";
    const rest = path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : "";
    return DOORS.test(rest) ? rest : path;
  };
}
