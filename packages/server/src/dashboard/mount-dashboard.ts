import { randomBytes } from "node:crypto";
import type { Context, Hono } from "hono";
import { matchedRoutes } from "hono/route";
import type { AppParts } from "../http/app-parts.ts";
import { type Asset, readAssets } from "./read-assets.ts";

/** The paths that are pages: the script shows which, so that each can be opened and reloaded. */
const PAGES = ["/", "/jobs", "/jobs/*", "/runs", "/runs/*"];

const A_YEAR = 31_536_000;

/** Serves the dashboard. Its files hold no data, so no key is asked for: what they show, they ask for with the reader's session. */
export function mountDashboard(app: Hono, { settings }: AppParts): void {
  if (!settings.hasDashboard) return;
  const base = basePathOf(settings.publicUrl);
  let assets: ReturnType<typeof readAssets> = null;
  // Read when first asked for: a server that nobody looks at never holds them.
  const load = (): ReturnType<typeof readAssets> => (assets ??= readAssets());
  // Before the key is asked for: whoever mistypes a path reads a page, which asks for the key itself. The script sees that
  // the path is none of its own. `use`, since a route of GET would make other methods on such a path 405.
  app.use(async (c, next) => {
    const page = isAskedForPage(c) && isNothing(c) ? load()?.get("/index.html") : undefined;
    return page === undefined ? next() : writePage(page, { base, status: 404 });
  });
  for (const path of PAGES) {
    app.get(path, () => {
      const page = load()?.get("/index.html");
      return page === undefined ? notBuilt() : writePage(page, { base, status: 200 });
    });
  }
  for (const path of ["/assets/*", "/theme.js", "/beckon.svg"]) {
    app.get(path, async (c, next) => {
      const asset = load()?.get(c.req.path);
      if (asset === undefined) return next();
      return writeAsset(asset, { isNamedByContent: path === "/assets/*", request: c.req.raw });
    });
  }
}

/** The path at which the server is mounted, with slashes around it. */
function basePathOf(publicUrl: string | undefined): string {
  const path = publicUrl === undefined ? "" : new URL(publicUrl).pathname.replace(/\/+$/, "");
  return `${path}/`;
}

function isAskedForPage(c: Context): boolean {
  return c.req.method === "GET" && (c.req.header("accept") ?? "").includes("text/html");
}

/** Below `/api` people try what programs will ask: what they see there is what those get. */
function isNothing(c: Context): boolean {
  return !c.req.path.startsWith("/api/") && matchedRoutes(c).every(({ path }) => path === "/*");
}

interface PageAnswer {
  /** The path at which the server is mounted. */
  readonly base: string;
  readonly status: 200 | 404;
}

/** The nonce is for the styles that the editor and open dialogs add; scripts come from files only. */
function writePage({ body }: Asset, { base, status }: PageAnswer): Response {
  const nonce = randomBytes(16).toString("base64");
  const html = new TextDecoder()
    .decode(body)
    .replaceAll("__BECKON_NONCE__", nonce)
    .replace('<base href="/"', `<base href="${escapeAttribute(base)}"`);
  return new Response(html, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", ...policyOf(nonce) },
  });
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

function policyOf(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    // The editor underlines problems with pictures that are part of its styles.
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  return { "content-security-policy": policy.join("; ") };
}

interface AssetRequest {
  /** Its name changes with its content, so that browsers may keep it. */
  readonly isNamedByContent: boolean;
  readonly request: Request;
}

async function writeAsset(asset: Asset, { isNamedByContent, request }: AssetRequest): Promise<Response> {
  const mayCompress = request.headers.get("accept-encoding")?.includes("gzip") ?? false;
  const gzipped = mayCompress ? await asset.gzipped?.() : undefined;
  return new Response(gzipped ?? asset.body, {
    headers: {
      "content-type": asset.type,
      "cache-control": isNamedByContent ? `public, max-age=${A_YEAR}, immutable` : "no-cache",
      vary: "accept-encoding",
      ...(gzipped !== undefined && { "content-encoding": "gzip" }),
    },
  });
}

function notBuilt(): Response {
  const text =
    "The dashboard is not built. In a checkout of Beckon, `npx -y pnpm@12.4.2 --filter @beckon/dashboard build` builds it;\n" +
    "the published package comes with it. The API at /api/v1 and /trpc works without.\n";
  return new Response(text, { status: 503, headers: { "content-type": "text/plain; charset=utf-8" } });
}
