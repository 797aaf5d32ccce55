import type { Page } from "playwright-core";
import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("a page that nobody sees holds no stream, and goes on where it was once it is looked at", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.relay.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page, trouble } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  await server.engine.sendSignal({ name: "go" });
  await page.getByRole("treeitem", { name: /finish/ }).waitFor();
  const stopped = page.waitForEvent("requestfailed", (request) => request.url().includes("runs.events"));
  await turn(page, "hidden");
  await stopped;
  await server.engine.sendSignal({ name: "stop" });
  await run.result();
  const resumed = page.waitForRequest(/runs\.events/);
  await turn(page, "visible");
  expect(decodeURIComponent((await resumed).url())).toMatch(/"after":[1-9]/);
  await page.locator("header").getByText("Success").waitFor();
  await page.getByRole("region", { name: "Runs it made" }).getByRole("link", { name: "greet" }).waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("a click holds whose bar or mark becomes another while the button is down", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.relay.invoke({});
  await using opened = await open(server, { path: "/jobs" });
  const { page } = opened;
  const released = Promise.withResolvers<void>();
  await page.route(/runs\.events/, async (route) => {
    await released.promise;
    await route.continue();
  });
  await page.goto(`${server.url}/runs/${run.id}?step=start`);
  await page.getByRole("heading", { name: "start" }).waitFor();
  const row = page.getByRole("treeitem", { name: /relay/ });
  // Before its events are there the run has one bar.
  const bars = row.locator("div > span[title]:empty");
  await bars.first().hover();
  await page.mouse.down();
  released.resolve();
  await expect.poll(() => bars.count()).toBeGreaterThan(1);
  await page.mouse.up();
  await page.waitForURL(`${server.url}/runs/${run.id}`);
  await page.getByRole("treeitem", { name: /start/ }).getByTitle("Waiting", { exact: true }).first().hover();
  await page.mouse.down();
  await server.engine.sendSignal({ name: "go" });
  await page.getByRole("treeitem", { name: /start/ }).getByTitle("Success", { exact: true }).first().waitFor();
  await page.mouse.up();
  await page.waitForURL(`${server.url}/runs/${run.id}?step=start`);
});

test("what a slow line brings of a busy run is shown, though there are news by then", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.relay.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("tab", { name: "Logs" }).click();
  await page.getByText("ready").waitFor();
  await page.locator("header").getByText("Waiting").waitFor();
  const asked: (() => void)[] = [];
  await page.route(/runs\.outline/, (route) => void asked.push(() => void route.continue()));
  await server.engine.sendSignal({ name: "go" });
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  await page.getByText("gone").waitFor();
  await server.engine.sendSignal({ name: "stop" });
  await page.getByText("almost there").waitFor();
  // What is asked after this one is never answered.
  asked[0]?.();
  await page.getByRole("treeitem", { name: /finish/ }).waitFor();
});

test("a run that is over is looked at now and then, and shows what it did after it was opened again elsewhere", async ({
  open,
}) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.flaky.invoke({});
  await run.result();
  await using opened = await open(server, { path: "/jobs" });
  const { page } = opened;
  await page.clock.install();
  await page.goto(`${server.url}/runs/${run.id}?step=deliver`);
  await page.locator("header").getByText("Failure").waitFor();
  await server.engine.retry(run.id);
  await run.result();
  await page.clock.fastForward("00:10");
  await page.locator("header").getByText("Success").waitFor();
  await page.getByRole("region", { name: "Details" }).getByText('"delivered"').waitFor();
});

test("that the server is away is told by the first question that fails", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("region", { name: "Why is it waiting?" }).waitFor();
  await page.route(/runs\.explain/, (route) => route.fulfill({ status: 403, json: {} }));
  await page.getByRole("alert").filter({ hasText: "The answer is not that of a Beckon server" }).waitFor();
  await page.unroute(/runs\.explain/);
  await page.getByRole("alert").filter({ hasText: "The answer is not" }).waitFor({ state: "detached" });
});

/** What a browser does when another tab covers the page, or no longer does. */
async function turn(page: Page, state: DocumentVisibilityState): Promise<void> {
  await page.evaluate((value) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, value });
    document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
  }, state);
}
