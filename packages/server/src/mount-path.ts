/**
 * Takes the path of the public URL off a request, where it is still there: some hosts hand a mounted server the
 * whole path (Next), others the rest of it (Hono, Express).
 */
export function createPathStripper(publicUrl: string | undefined): (request: Request) => Request {
  const prefix = publicUrl === undefined ? "" : new URL(publicUrl).pathname.replace(/\/+$/, "");
  if (prefix === "") return (request) => request;
  return (request) => {
    const url = new URL(request.url);
    if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) return request;
    url.pathname = url.pathname.slice(prefix.length) || "/";
    return new Request(url, request);
  };
}
