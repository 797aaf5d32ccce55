import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { PACKAGE_FOLDER } from "../package-folder.ts";

/** A file of the pages. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** null for what is compressed already. */
  readonly gzipped: (() => Promise<Uint8Array<ArrayBuffer>>) | null;
}

/** The pages as they were built into this package. */
const DASHBOARD_FOLDER = join(PACKAGE_FOLDER, "dashboard/dist");

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

const compress = promisify(gzip);

/** Reads all files into memory, by their paths; null when the pages are not built. They are two megabytes. */
export function readAssets(folder: string = DASHBOARD_FOLDER): ReadonlyMap<string, Asset> | null {
  if (!existsSync(join(folder, "index.html"))) return null;
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  return new Map(
    names.flatMap((name) => {
      const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
      return type === undefined ? [] : [[`/${name}`, toAsset(join(folder, name), type)] as const];
    }),
  );
}

function toAsset(path: string, type: string): Asset {
  const body = new Uint8Array(readFileSync(path));
  if (type === TYPES["woff2"]) return { type, body, gzipped: null };
  let gzipped: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    type,
    body,
    gzipped: () => {
      gzipped ??= compress(body).then((bytes) => new Uint8Array(bytes));
      return gzipped;
    },
  };
}
