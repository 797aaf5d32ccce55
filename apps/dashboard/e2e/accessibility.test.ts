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

test.for(["light", "dark"] as const)(
  "no page has a serious or critical violation, %s",
  async (colorScheme, { open }) => {
    await using server = await startTestServer({ jobs });
    const failed = await server.jobs.flaky.invoke({});
    const family = await server.jobs.family.invoke({ size: 2 });
    const waiting = await server.jobs.patient.invoke({}, { tags: ["slow"] });
    await Promise.all([failed.result(), family.result()]);
    await using opened = await open(server, { colorScheme });
    const { page } = opened;
    const visit = async (path: string, shown: string) => {
      await page.goto(new URL(path, server.url).href);
      await page.getByText(shown).locator("visible=true").first().waitFor();
      return (await findViolations(page)).map((line) => `${path}: ${line}`);
    };
    const found = [
      ...(await visit("/", "The post office is closed.")),
      ...(await visit("/jobs", "Success")),
      ...(await visit("/jobs/family", "All runs of this job")),
      ...(await visit("/jobs/greet/test", "Run test")),
      ...(await visit("/runs", "Waiting")),
      ...(await visit(`/runs/${failed.id}`, "The post office is closed.")),
      ...(await visit(`/runs/${family.id}`, "Runs it made")),
      ...(await visit(`/runs/${waiting.id}`, "Why is it waiting?")),
    ];
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("textbox", { name: "Payload of the new run" }).waitFor();
    found.push(...(await findViolations(page)));
    expect(found.join("\n")).toBe("");
  },
);

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
