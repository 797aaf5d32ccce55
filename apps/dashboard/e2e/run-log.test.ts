import type { Route } from "playwright-core";
import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("the log is narrowed by level and by step", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.greet.invoke({ name: "Grace" });
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("tab", { name: "Logs" }).click();
  await page.getByText("2 messages").waitFor();
  await page.getByLabel("Level").selectOption("info");
  await page.getByText("1 message").waitFor();
  await page.getByText("greeting").waitFor();
  await page.getByRole("treeitem", { name: /write/ }).click();
  await page.getByText("0 messages").waitFor();
});

test("a log that could not be read is read once it can be", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.greet.invoke({ name: "Grace" });
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  // Its events are there by then, and no news make the page read again.
  const bars = page.getByRole("treeitem", { name: /greet/ }).locator("div > span[title]:empty");
  await expect.poll(() => bars.count()).toBeGreaterThan(1);
  await page.route(/runs\.logs/, (route) => route.fulfill({ status: 403, json: {} }));
  await page.getByRole("tab", { name: "Logs" }).click();
  const problem = page
    .getByRole("tabpanel")
    .getByRole("alert")
    .filter({ has: page.getByRole("button") });
  await problem.waitFor();
  await page.unroute(/runs\.logs/);
  await page.getByText("2 messages").waitFor({ timeout: 20_000 });
  await problem.waitFor({ state: "detached" });
});

test("lines that are logged while others are read are not missed, and are told in the reader's time", async ({
  open,
}) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.relay.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}`, timezoneId: "Asia/Kathmandu" });
  const { page } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  const isRead = Promise.withResolvers<void>();
  const mayArrive = Promise.withResolvers<void>();
  const hold = async (route: Route) => {
    const response = await route.fetch();
    isRead.resolve();
    await mayArrive.promise;
    await route.fulfill({ response });
  };
  await page.route(/runs\.logs/, hold, { times: 1 });
  await page.getByRole("tab", { name: "Logs" }).click();
  await isRead.promise;
  await server.engine.sendSignal({ name: "go" });
  await page.getByRole("treeitem", { name: /finish/ }).waitFor();
  mayArrive.resolve();
  await page.getByText("gone").waitFor();
  const time = page.getByRole("log").locator("time").first();
  const at = new Date((await time.getAttribute("datetime")) ?? "");
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Kathmandu", timeStyle: "medium" });
  expect(await time.textContent()).toMatch(new RegExp(`^${clock.format(at)}\\.\\d{3}$`));
});
