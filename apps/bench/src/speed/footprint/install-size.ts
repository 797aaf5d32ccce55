import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Figures } from "../workloads/workload.ts";

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const SERVER = fileURLToPath(new URL("../../../../../packages/server", import.meta.url));
const MIB = 2 ** 20;

/** What `@beckon/server` brings: its packages and theirs, counted once each; of ours what is published of the sources. */
export function measureInstall(): Figures {
  const found = new Map<string, number>();
  visit(SERVER, found);
  const bytes = [...found.values()].reduce((sum, size) => sum + size, 0);
  return { packages: found.size, "install MiB": bytes / MIB };
}

function visit(folder: string, found: Map<string, number>): void {
  if (found.has(folder)) return;
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  found.set(folder, manifest.name.startsWith("@beckon/") ? sizeOf(join(folder, "src")) : sizeOf(folder));
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
