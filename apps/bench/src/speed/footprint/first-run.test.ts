import { fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildPackages } from "../install-peers.ts";

const PACKAGES = fileURLToPath(new URL("../../../../../packages/", import.meta.url));
const FIRST_RUN = fileURLToPath(new URL("first-run.mjs", import.meta.url));

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly default: string; readonly types?: string }>>;
}

/** A process over the built packages, and a folder for its database. */
async function startFirstRun() {
  const folder = await mkdtemp(join(tmpdir(), "beckon-first-run-"));
  const child = fork(FIRST_RUN, [join(folder, "beckon.db")], { execArgv: [] });
  return {
    told: once(child, "message").then(([message]: unknown[]) => message),
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

test(
  "the built packages have a module and its types behind each door, and execute a run",
  { timeout: 120_000 },
  async () => {
    buildPackages();
    for (const name of ["core", "engine", "sqlite", "router", "server"]) {
      const { exports } = JSON.parse(readFileSync(join(PACKAGES, name, "package.json"), "utf8")) as Manifest;
      for (const { default: code, types = "" } of Object.values(exports)) {
        expect(readFileSync(join(PACKAGES, name, code), "utf8")).toContain("export");
        expect(readFileSync(join(PACKAGES, name, types), "utf8")).toContain("export");
      }
    }
    await using process = await startFirstRun();
    expect(await process.told).toBe("first-run");
  },
);
