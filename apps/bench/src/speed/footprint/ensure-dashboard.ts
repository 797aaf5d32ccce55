import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ENSURE_BUILT = fileURLToPath(new URL("../../../../dashboard/build/ensure-built.ts", import.meta.url));

/** `@beckon/server` ships its pages, and holds them in memory; building that package does not make them. */
export function ensureDashboard(): void {
  execFileSync(process.execPath, [ENSURE_BUILT], { stdio: ["ignore", "ignore", "inherit"] });
}
