import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("below a path of another site the pages find their files, their calls and each other", async ({ open }) => {
  await using free = await startTestServer({ jobs });
  const port = Number(new URL(free.url).port);
  await free.stop({ timeout: 0 });
  await using server = await startTestServer({ jobs, port, publicUrl: `http://127.0.0.1:${port}/tools/beckon` });
  await using opened = await open(server, { path: "/tools/beckon/jobs" });
  const { page, trouble } = opened;
  await page.getByRole("link", { name: "Greet", exact: true }).click();
  await page.waitForURL(`${server.url}/jobs/greet`);
  await page.getByRole("link", { name: "Test", exact: true }).click();
  await page.getByRole("button", { name: "Run test" }).click();
  await page.getByText("Hello, Ada (free)").waitFor();
  expect(new URL(page.url()).pathname).toMatch(/^\/tools\/beckon\/runs\/run_/);
  await page.reload();
  await page.getByText("Hello, Ada (free)").waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});
