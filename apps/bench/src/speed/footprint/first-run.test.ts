import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { buildPackages } from "../install-peers.ts";
import { startFirstRun } from "./start-first-run.ts";

const PACKAGES = fileURLToPath(new URL("../../../../../packages/", import.meta.url));

interface Manifest {
  readonly exports: Readonly<Record<string, { readonly default: string; readonly types?: string }>>;
}

/** Where a server may put its database. */
async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-first-run-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
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
    await using server = startFirstRun(join(await makeFolder(), "beckon.db"));
    expect(await server.hear()).toBe("first-run");
  },
);

test("a server that ends before it tells anything says with what it ended, and can be disposed of", async () => {
  await using server = startFirstRun(join(await makeFolder(), "beckon.db"));
  process.kill(server.pid, "SIGINT");
  await expect(server.hear()).rejects.toThrow("the server ended with SIGINT before it told");
});

test("aborted, what a server tells is not awaited", async () => {
  const interruption = new AbortController();
  await using server = startFirstRun(join(await makeFolder(), "beckon.db"), interruption.signal);
  const heard = server.hear();
  interruption.abort("enough");
  await expect(heard).rejects.toBe("enough");
  expect(() => startFirstRun("never-opened.db", interruption.signal)).toThrow("enough");
});
