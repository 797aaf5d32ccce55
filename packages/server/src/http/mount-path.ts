import { getPath } from "hono/utils/url";

/**
 * Reads the path of a request without that of the public URL, where it is still there: some hosts hand a mounted
 * server the whole path (Next), others the rest of it (Hono, Express).
 */
export function createPathReader(publicUrl: string | undefined): (request: Request) => string {
  const prefix = publicUrl === undefined ? "" : new URL(publicUrl).pathname.replace(/\/+$/, "");
  if (prefix === "") return getPath;
  return (request) => {
    const path = getPath(request);
    if (path === prefix) return "/";
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
  };
}
