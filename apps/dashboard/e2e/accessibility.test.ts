import { source as axe } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What axe finds serious or critical, in a line each. Evaluated by the debugger, so the pages' policy stays as it is. */
async function findViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate<readonly Violation[]>("axe.run().then(({ violations }) => violations)");
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

const COLOR_SCHEMES = ["light", "dark"] as const;

/** Where the page is, and a text that is there once it is shown. */
type Visit = readonly [path: string, shown: string];

async function visitAll(page: Page, origin: string, visits: readonly Visit[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [path, shown] of visits) {
    await page.goto(new URL(path, origin).href);
    await page.getByText(shown).locator("visible=true").first().waitFor();
    found.push(...(await findViolations(page)).map((line) => `${path}: ${line}`));
  }
  return found;
}

test.for(COLOR_SCHEMES)("no list has a serious or critical violation, %s", async (colorScheme, { open }) => {
  await using server = await startTestServer({ jobs });
  const failed = await server.jobs.flaky.invoke({});
  const family = await server.jobs.family.invoke({ size: 2 });
  await server.jobs.patient.invoke({}, { tags: ["slow"] });
  await Promise.all([failed.result(), family.result()]);
  await using opened = await open(server, { colorScheme });
  const found = await visitAll(opened.page, server.url, [
    ["/", "The post office is closed."],
    ["/jobs", "Success"],
    ["/jobs/family", "All runs of this job"],
    ["/jobs/greet/test", "Run test"],
    ["/runs", "Waiting"],
  ]);
  expect(found.join("\n")).toBe("");
});

test.for(COLOR_SCHEMES)("no run's page has a serious or critical violation, %s", async (colorScheme, { open }) => {
  await using server = await startTestServer({ jobs });
  const failed = await server.jobs.flaky.invoke({});
  const family = await server.jobs.family.invoke({ size: 2 });
  const waiting = await server.jobs.patient.invoke({}, { tags: ["slow"] });
  await Promise.all([failed.result(), family.result()]);
  await using opened = await open(server, { colorScheme });
  const { page } = opened;
  const found = await visitAll(page, server.url, [
    [`/runs/${failed.id}`, "The post office is closed."],
    [`/runs/${family.id}`, "Runs it made"],
    [`/runs/${waiting.id}`, "Why is it waiting?"],
  ]);
  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByRole("textbox", { name: "Payload of the new run" }).waitFor();
  expect([...found, ...(await findViolations(page))].join("\n")).toBe("");
});

test("at 375 px no page is wider than the screen", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.family.invoke({ size: 2 });
  await run.result();
  await using opened = await open(server, { viewport: { width: 375, height: 700 } });
  const { page } = opened;
  const tooWide: string[] = [];
  for (const path of ["/", "/jobs", "/jobs/family", "/jobs/greet/test", "/runs", `/runs/${run.id}`]) {
    await page.goto(new URL(path, server.url).href);
    await page.locator("header").waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    if (width > 375) tooWide.push(`${path} is ${width} px wide`);
  }
  expect(tooWide).toEqual([]);
});

test("the link past the navigation leads into the page that is shown", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/jobs" });
  const { page } = opened;
  await page.getByRole("link", { name: "Greet", exact: true }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.locator("main:focus").waitFor();
  expect(page.url()).toBe(`${server.url}/jobs`);
});
