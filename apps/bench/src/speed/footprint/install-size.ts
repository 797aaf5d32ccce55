import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures } from "../workloads/workload.ts";
import { ensureDashboard } from "./ensure-dashboard.ts";
import { measurePacked } from "./packed-size.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const SERVER = fileURLToPath(new URL("../../../../../packages/server", import.meta.url));
const MIB = 2 ** 20;

/**
 * What `@beckon/server` brings: its packages and theirs, counted once each; of ours what is published. Of the dashboard
 * that is the built pages: what they are made from is bundled, and not installed. @throws when a package is not built
 */
export function measureInstall(): Figures {
  ensureDashboard();
  const found = new Map<string, string>();
  visit(SERVER, found);
  const { ours = [], theirs = [] } = Object.groupBy(found.keys(), (folder) =>
    found.get(folder)?.startsWith("@beckon/") === true ? "ours" : "theirs",
  );
  const bytes = theirs.map(sizeOf).reduce((sum, size) => sum + size, measurePacked(ours));
  return { packages: found.size, "install MiB": bytes / MIB };
}

/** Adds a package's folder, with its name, and those of what it depends on. */
function visit(folder: string, found: Map<string, string>): void {
  if (found.has(folder)) return;
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  found.set(folder, manifest.name);
  for (const name of Object.keys(manifest.dependencies ?? {})) visit(locate(folder, name), found);
}

/** As Node looks for a package: upwards from the one that names it. */
function locate(from: string, name: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    try {
      return realpathSync(join(folder, "node_modules", name));
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${name} is not installed where ${from} looks for it`);
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules")
    .map((entry) => (entry.isDirectory() ? sizeOf(join(folder, entry.name)) : statSync(join(folder, entry.name)).size))
    .reduce((sum, size) => sum + size, 0);
}
