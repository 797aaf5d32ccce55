import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("the jobs show how they fared, and are searched", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.greet.invokeAndWait({ name: "Grace" });
  await server.jobs.flaky.invokeAndWait({});
  await using opened = await open(server, { path: "/jobs" });
  const { page, trouble } = opened;
  await page.getByRole("row").filter({ hasText: "Greet" }).getByText("100 %").waitFor();
  await page.getByRole("row").filter({ hasText: "Flaky" }).getByText("0 %").waitFor();
  const search = page.getByRole("searchbox");
  await search.pressSequentially("fly");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Delete");
  await page.keyboard.type("am");
  await page.keyboard.press("Delete");
  expect(await search.inputValue()).toBe("fam");
  await page.waitForURL(`${server.url}/jobs?q=fam`);
  await page.getByRole("row").filter({ hasText: "Greet" }).waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("link", { name: "Family", exact: true }).click();
  await page.waitForURL(`${server.url}/jobs/family`);
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("a job shows its schema, its rules and its runs, and is paused and resumed", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.family.invoke({ size: 1 });
  await run.result();
  await using opened = await open(server, { path: "/jobs/family" });
  const { page } = opened;
  const definition = page.getByRole("region", { name: "Definition" });
  await definition.getByText("size").waitFor();
  await definition.getByText("2, by the limit").waitFor();
  await page.getByRole("region", { name: "Runs" }).getByRole("link", { name: run.id }).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByText("none of its runs starts until it is resumed").waitFor();
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
});

test("the overview counts what ended, groups what failed and shows the limits", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.flaky.batchInvokeAndWait([{ payload: 1 }, { payload: 2 }]);
  await server.jobs.family.invokeAndWait({ size: 2 });
  await using opened = await open(server);
  const { page, trouble } = opened;
  const failures = page.getByRole("region", { name: "Failures by error" });
  const group = failures.getByRole("listitem").filter({ hasText: "The post office is closed." });
  await group.getByText("2", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Concurrency limits" }).getByText("job:family", { exact: true }).waitFor();
  await page.getByRole("region", { name: "Runs that ended" }).locator("svg").first().waitFor();
  await page.getByRole("button", { name: "Last day" }).click();
  await group.getByRole("link").click();
  await page.waitForURL(/\/runs\/run_/);
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("a limit of which one number is known shows that, and no line", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.family.invokeAndWait({ size: 1 });
  await using opened = await open(server);
  const limits = opened.page.getByRole("region", { name: "Concurrency limits" });
  await limits.getByText("0 of 2").waitFor();
  expect(await limits.locator("circle").count()).toBe(0);
});

test("a job that a deploy removed is said to be gone where it was shown", async ({ open }) => {
  await using before = await startTestServer({ jobs });
  const port = Number(new URL(before.url).port);
  await using opened = await open(before, { path: "/jobs/family" });
  const { page } = opened;
  await page.getByRole("region", { name: "Definition" }).waitFor();
  await before.stop({ timeout: 0 });
  const kept = Object.fromEntries(Object.entries(jobs).filter(([name]) => name !== "family"));
  await using after = await startTestServer({ jobs: kept, port });
  expect(after.url).toBe(before.url);
  await page.getByRole("heading", { name: "There is no such job" }).waitFor();
});
