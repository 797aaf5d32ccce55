import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PEERS_FOLDER } from "./systems/system.ts";

/** The folder of this repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** The peers' packages, by their own lock file; with the pnpm that this repository names. */
export function installPeers(): void {
  execFileSync("npx", ["-y", packageManager(), "install", "--frozen-lockfile"], {
    cwd: PEERS_FOLDER,
    stdio: "inherit",
  });
}

/** Beckon as it is published, for W8. */
export function buildPackages(): void {
  execFileSync("npx", ["-y", packageManager(), "run", "build", "--filter=@beckon/server"], {
    cwd: ROOT,
    stdio: "ignore",
  });
}

/** As it is named for `npx`. */
export function packageManager(): string {
  return (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly packageManager: string })
    .packageManager;
}

/** The version of a package among the peers, or in this workspace for what is measured without them. */
export function readVersion(packageName: string): string {
  const folders = [PEERS_FOLDER, new URL("../../", import.meta.url).pathname];
  for (const folder of folders) {
    try {
      const text = readFileSync(join(folder, "node_modules", packageName, "package.json"), "utf8");
      return (JSON.parse(text) as { readonly version: string }).version;
    } catch {
      // Not installed here: the next folder may have it.
    }
  }
  return "not installed";
}
