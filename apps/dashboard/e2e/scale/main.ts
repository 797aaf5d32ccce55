import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createServer } from "@beckon/server";
import { openSqliteStore } from "@beckon/sqlite";
import type { Page } from "playwright-core";
import { buildDashboard } from "../../build/build-dashboard.ts";
import { launchBrowser } from "../world/browser.ts";
import { family, flaky, greet, patient } from "../world/jobs.ts";
import { big } from "./big-job.ts";
import { fillHistory } from "./fill-history.ts";
import { Measurements } from "./measurements.ts";

/*
 * `pnpm --filter @beckon/dashboard scale`: how fast the pages are over a file with a million runs. A figure over its
 * bound makes the command fail.
 */
const { values } = parseArgs({ options: { runs: { type: "string", default: "1000000" } } });

await buildDashboard();
const folder = await mkdtemp(join(tmpdir(), "beckon-scale-"));
const database = join(folder, "runs.db");
const store = await openSqliteStore({ path: database, durability: "normal" });
await fillHistory(store, {
  jobIds: ["greet", "flaky", "patient", "family"],
  count: Number(values.runs),
  now: Date.now(),
});
await store.close();
const server = await createServer({
  jobs: { family, flaky, greet, patient, big },
  database,
  port: 0,
  durability: "normal",
});
const bigRun = await server.engine.invoke({
  jobId: "big",
  items: [{ payload: undefined, options: {} }],
  isBatch: false,
});
const bigId = bigRun[0] ?? "";
while ((await server.engine.result({ runId: bigId, timeoutMs: 10_000 })) === null);
const browser = await launchBrowser();
const measured = new Measurements();
try {
  const page = await browser.newPage({ viewport: { width: 1_280, height: 800 } });
  const rows = () => page.getByRole("row").nth(5).waitFor();
  const go = (path: string) => page.goto(new URL(path, server.url).href, { waitUntil: "commit" });
  await go("/jobs");
  await page.getByRole("link", { name: "Greet", exact: true }).waitFor();
  await measured.take("runs page, first rows", 300, async () => {
    await page.getByRole("link", { name: "Runs" }).click();
    await rows();
  });
  await measured.take("runs page, from an empty cache", 1_000, async () => {
    await go("/runs");
    await rows();
  });
  for (const [name, query] of filtersOf(bigId)) {
    await measured.take(`filter ${name}`, 500, () => filterBy(page, query));
  }
  await go("/runs");
  await rows();
  await measured.take("scroll, longest frame", 100, () => scroll(page));
  await measured.take("run with 5,000 tasks and 20,000 log lines", 1_000, async () => {
    await go(`/runs/${bigId}`);
    await page.getByRole("treeitem").nth(10).waitFor();
  });
  await measured.take("its log, first lines", 1_000, async () => {
    await page.getByRole("tab", { name: "Logs" }).click();
    await page.getByText("line 0 of step 0").first().waitFor();
  });
  await measured.take("jobs page, with the last day", 2_000, async () => {
    await go("/jobs");
    await page.getByRole("row").filter({ hasText: "Greet" }).getByText("%").waitFor();
  });
  await measured.take("overview, last day", 1_000, async () => {
    await go("/");
    await page.getByRole("button", { name: "Last day" }).click();
    await page.getByText("The post office is closed.").first().waitFor();
  });
} finally {
  await browser.close();
  await server.stop({ timeout: 0 });
  await rm(folder, { recursive: true });
}
process.exitCode = measured.print() ? 0 : 1;

function filtersOf(runId: string): readonly (readonly [name: string, query: string])[] {
  return [
    ["status", "status=FAILURE"],
    ["two statuses", "status=FAILURE,SUCCESS"],
    ["a status that no run has", "status=EXPIRED"],
    ["job", "job=flaky"],
    ["tag", "tag=user:4200"],
    ["version", "version=0.9.0"],
    ["version that no run has", "version=7.7.7"],
    ["test", "test=true"],
    ["account", "account=account_100"],
    ["time", "from=1h"],
    ["status, job and time", "status=FAILURE&job=greet&from=24h"],
    ["search by id", `q=${runId}`],
    ["search by key", "q=order-40"],
  ];
}

/** As a person's click changes it: the page stays, the URL changes, and new rows, or none, are there. */
async function filterBy(page: Page, query: string): Promise<void> {
  const answered = page.waitForResponse((response) => response.url().includes("/trpc/runs.list"));
  await page.evaluate((search) => {
    history.pushState({}, "", `/runs?${search}`);
    dispatchEvent(new PopStateEvent("popstate"));
  }, query);
  await answered;
}

/** Scrolls down, page by page, for two seconds; the longest time between two frames, in milliseconds. */
function scroll(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const scroller = document.querySelectorAll('[role="rowgroup"]')[1];
    const start = performance.now();
    let last = start;
    let longest = 0;
    while (last - start < 2_000) {
      scroller?.scrollBy(0, 120);
      const now = await new Promise<number>((frame) => requestAnimationFrame(frame));
      longest = Math.max(longest, now - last);
      last = now;
    }
    return longest;
  });
}
