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

/** axe takes seconds for a page while other tests drive browsers, and a test goes through several. */
const AXE = { timeout: 60_000 };

const COLOR_SCHEMES = ["light", "dark"] as const;

/** Where the page is, and texts that are there once all of it is shown. */
type Visit = readonly [path: string, ...shown: readonly string[]];

const LISTS: readonly Visit[] = [
  ["/", "The post office is closed.", "Succeeded", "job:family"],
  ["/jobs", "100 %"],
  ["/jobs/family", "100 %", "All runs of this job"],
  ["/jobs/greet/test", "Add to friends"],
  ["/runs", "Waiting"],
];

/** Longer than a narrow screen, and without a place to break it at. */
const LONG = "long".repeat(30);

/** A server on which there is something for each page to show, and the pages of its runs. */
async function startUsedServer() {
  const server = await startTestServer({ jobs });
  const failed = await server.jobs.flaky.invoke({});
  const family = await server.jobs.family.invoke({ size: 2 });
  const waiting = await server.jobs.patient.invoke({}, { tags: ["slow", LONG], accountId: LONG });
  await Promise.all([failed.result(), family.result()]);
  const runs: readonly Visit[] = [
    [`/runs/${failed.id}`, "The post office is closed.", "deliver"],
    [`/runs/${family.id}`, "Runs it made", "2 × greet"],
    [`/runs/${waiting.id}`, "Why is it waiting?", "a long while"],
  ];
  return Object.assign(server, { runs });
}

/** What is found on each of the pages, once it is there. */
async function findOn(
  page: Page,
  visits: readonly Visit[],
  find: (page: Page) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [path, ...shown] of visits) {
    await page.goto(new URL(path, page.url()).href);
    for (const text of shown) await page.getByText(text).locator("visible=true").first().waitFor();
    found.push(...(await find(page)).map((line) => `${path}: ${line}`));
  }
  return found;
}

test.for(COLOR_SCHEMES)("no list has a serious or critical violation, %s", AXE, async (colorScheme, { open }) => {
  await using server = await startUsedServer();
  await using opened = await open(server, { colorScheme });
  expect(await findOn(opened.page, LISTS, findViolations)).toEqual([]);
});

test.for(COLOR_SCHEMES)("no run's page has a serious or critical violation, %s", AXE, async (colorScheme, { open }) => {
  await using server = await startUsedServer();
  await using opened = await open(server, { colorScheme });
  const { page } = opened;
  const found = await findOn(page, server.runs, findViolations);
  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByRole("textbox", { name: "Payload of the new run" }).waitFor();
  expect([...found, ...(await findViolations(page))]).toEqual([]);
});

/** What ends beyond the screen, also inside a part that scrolls or cuts it off. The lines of a stack may. */
function findTooWide(page: Page): Promise<readonly string[]> {
  return page
    .locator("body :not(pre *)")
    .evaluateAll((all) =>
      all
        .filter((part) => part.getBoundingClientRect().right > innerWidth)
        .map(({ outerHTML }) => outerHTML.slice(0, 160)),
    );
}

/** The document scrolls, though only what is in it should: as where a part that nobody sees escapes from what cuts it off. */
async function findTooLong(page: Page): Promise<readonly string[]> {
  const beyond = await page.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  return beyond > 0 ? [`${beyond} px`] : [];
}

const PHONE = { viewport: { width: 375, height: 700 } };

test("at 375 px no part of a list ends beyond the screen", async ({ open }) => {
  await using server = await startUsedServer();
  await using opened = await open(server, PHONE);
  expect(await findOn(opened.page, LISTS, findTooWide)).toEqual([]);
});

test("at 375 px a list scrolls inside of the page, which is no longer than the screen", async ({ open }) => {
  await using server = await startUsedServer();
  await using opened = await open(server, PHONE);
  expect(await findOn(opened.page, LISTS, findTooLong)).toEqual([]);
});

test("at 375 px no part of the bar ends beyond the screen for who may only read", async ({ open }) => {
  await using server = await startTestServer({
    jobs,
    apiKey: "the-key-of-the-test",
    readApiKey: "the-key-of-a-reader",
  });
  await using opened = await open(server, PHONE);
  const { page } = opened;
  await page.getByLabel("API key").fill("the-key-of-a-reader");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("read only").waitFor();
  expect(await findTooWide(page)).toEqual([]);
});

test("at 375 px no part of a run's page ends beyond the screen", async ({ open }) => {
  await using server = await startUsedServer();
  await using opened = await open(server, PHONE);
  expect(await findOn(opened.page, server.runs, findTooWide)).toEqual([]);
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
