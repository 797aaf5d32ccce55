import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("an example is run from the test page, opens its run, and is watched to its end", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/jobs/greet/test" });
  const { page, trouble } = opened;
  await page.getByRole("button", { name: "Alan, who pays" }).click();
  await page.getByLabel("name", { exact: false }).first().waitFor();
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/run_/);
  await page.getByText("Success", { exact: true }).first().waitFor();
  await page.getByText("Hello, Alan (pro)").waitFor();
  await page.getByText("test run").first().waitFor({ state: "attached" });
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});
