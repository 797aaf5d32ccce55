import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What the pages are made from, beside the dashboard's own files: these packages end up in them. */
const BUNDLED = ["../../packages/client/src", "../../packages/core/src", "../../pnpm-lock.yaml"];
const OWN = ["src", "public", "index.html", "vite.config.ts", "package.json", "tsconfig.json"];

/** One short text for all sources: it changes when any of them does. */
export function digestSources(root: string): string {
  const hash = createHash("sha256");
  for (const path of [...OWN, ...BUNDLED].flatMap((name) => listFiles(join(root, name)))) {
    hash.update(path.slice(root.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path: string): readonly string[] {
  try {
    const entries = readdirSync(path, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !/\.test(-d)?\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .toSorted();
  } catch {
    return [path]; // It is a file.
  }
}
