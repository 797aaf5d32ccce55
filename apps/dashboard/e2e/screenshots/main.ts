import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as jobs from "@acme/jobs";
import { startTestServer } from "@beckon/server/testing";
import { openSqliteStore } from "@beckon/sqlite";
import { buildDashboard } from "../../build/build-dashboard.ts";
import { fillHistory } from "../scale/fill-history.ts";
import { launchBrowser } from "../world/browser.ts";
import { playScene } from "./scene.ts";

/** Pictures of every page, dark and light, for the documents: `pnpm --filter @beckon/dashboard screenshots`. */
const FOLDER = resolve(import.meta.dirname, "../../../../docs/dashboard");
const SCHEMES = ["light", "dark"] as const;

await buildDashboard();
await mkdir(FOLDER, { recursive: true });
const past = await mkdtemp(join(tmpdir(), "beckon-past-"));
const database = join(past, "runs.db");
const store = await openSqliteStore({ path: database, durability: "normal" });
await fillHistory(store, { jobIds: ["example-job", "charge-card", "onboard-user"], count: 6_000, now: Date.now() });
await store.close();
await using server = await startTestServer({ jobs, database });
const pages = await playScene(server);
const browser = await launchBrowser();
try {
  for (const colorScheme of SCHEMES) {
    const context = await browser.newContext({
      viewport: { width: 1_280, height: 800 },
      colorScheme,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    for (const { name, path, prepare, width = 1_280 } of pages) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(new URL(path, server.url).href);
      await prepare(page);
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${FOLDER}/${name}-${colorScheme}.png` });
    }
    await context.close();
  }
} finally {
  await browser.close();
  await rm(past, { recursive: true });
}
console.log(`The pictures are in ${FOLDER}.`);
