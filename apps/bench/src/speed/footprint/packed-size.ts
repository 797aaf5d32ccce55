import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Manifest {
  readonly name: string;
  readonly files?: readonly string[];
}

interface Packed {
  readonly unpackedSize: number;
}

/** How many bytes npm would write where these packages are installed. @throws when one of them is not built */
export function measurePacked(folders: readonly string[]): number {
  folders.forEach(refuseUnbuilt);
  // npm, because pnpm's dry run names the files without their sizes. Scripts would build again.
  const answer = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", ...folders], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const packages = Object.values(JSON.parse(answer.toString()) as Readonly<Record<string, Packed>>);
  return packages.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
}

/** What is not there npm leaves out in silence, and the sum would be too small. */
function refuseUnbuilt(folder: string): void {
  const { name, files = [] } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const missing = files.filter((file) => !file.startsWith("!") && !existsSync(join(folder, file)));
  if (missing.length > 0)
    throw new Error(
      `${name} ships ${missing.join(" and ")}, which is not there: build it (pnpm run build), then measure`,
    );
}
