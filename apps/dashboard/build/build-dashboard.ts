import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "vite";
import { digestSources } from "./digest-sources.ts";

const ROOT = resolve(import.meta.dirname, "..");

/** Where `@beckon/server` finds the pages. */
const OUTPUT = resolve(ROOT, "../../packages/server/dashboard/dist");

const LOCK = `${OUTPUT}.lock`;
/** A build takes seconds: a lock that is this old was left by a process that died. */
const STALE_LOCK_MS = 120_000;
const LOOK_AGAIN_MS = 100;

/** Builds the pages when they are not there, or not from these sources. Several processes may ask at once. */
export async function buildDashboard(): Promise<"built" | "was there"> {
  const digest = digestSources(ROOT);
  if (isBuiltFrom(digest)) return "was there";
  mkdirSync(resolve(OUTPUT, ".."), { recursive: true });
  while (!tryLock()) await new Promise((wake) => setTimeout(wake, LOOK_AGAIN_MS));
  try {
    if (isBuiltFrom(digest)) return "was there";
    const fresh = `${OUTPUT}.new`;
    // Asked by a test runner the pages are the same: React would else be its slower half for development.
    process.env["NODE_ENV"] = "production";
    await build({ root: ROOT, logLevel: "error", build: { outDir: fresh } });
    writeFileSync(join(fresh, "built-from"), digest);
    // A server that runs meanwhile sees the old pages or the new, and nothing between.
    rmSync(OUTPUT, { recursive: true, force: true });
    renameSync(fresh, OUTPUT);
    return "built";
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function isBuiltFrom(digest: string): boolean {
  const mark = join(OUTPUT, "built-from");
  return existsSync(mark) && readFileSync(mark, "utf8") === digest;
}

function tryLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    if (existsSync(LOCK) && Date.now() - statSync(LOCK).mtimeMs > STALE_LOCK_MS) rmSync(LOCK, { recursive: true });
    return false;
  }
}
