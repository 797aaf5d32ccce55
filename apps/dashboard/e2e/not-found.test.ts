import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("a path that is nothing is a page that says so and leads on, and still no success", async ({ open }) => {
  await using server = await startTestServer({ jobs, apiKey: "the-key-of-the-test" });
  await using opened = await open(server, { path: "/runz" });
  const { page, trouble } = opened;
  await page.getByLabel("API key").fill("the-key-of-the-test");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "There is no such page" }).waitFor();
  expect((await page.goto(`${server.url}/runz/deeper`))?.status()).toBe(404);
  await page.getByRole("link", { name: "Look among the runs" }).click();
  await page.waitForURL(`${server.url}/runs`);
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("a page that cannot be fetched is told of in its place, and is there once it can be", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  await page.route(/\/assets\/jobs-page-|\/jobs$/, (route) => route.abort("connectionrefused"));
  await page.getByRole("link", { name: "Jobs", exact: true }).first().click();
  const problem = page.getByRole("alert");
  await problem.waitFor();
  const refused = page.waitForEvent("requestfailed", (request) => request.url().endsWith("/jobs"));
  await problem.getByRole("button", { name: "Try again" }).click();
  await refused;
  await problem.waitFor();
  await page.unroute(/\/assets\/jobs-page-|\/jobs$/);
  await problem.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "Jobs" }).waitFor();
});

test("programs, and whoever asks below the API, get their refusals as JSON", async () => {
  await using server = await startTestServer({ jobs });
  const ask = async (path: string, init?: RequestInit) => {
    const response = await fetch(`${server.url}${path}`, init);
    return [response.status, response.headers.get("content-type")?.split(";")[0]];
  };
  const headers = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  const json = "application/json";
  expect(await ask("/runz")).toEqual([404, json]);
  expect(await ask("/runz", { method: "POST", headers })).toEqual([404, json]);
  expect(await ask("/api/v1/runs/run_0", { headers })).toEqual([404, json]);
  expect(await ask("/api/v1/nothing", { headers })).toEqual([404, json]);
  expect(await ask("/api/v1/signals", { headers })).toEqual([405, json]);
  await using bare = await startTestServer({ jobs, dashboard: false });
  expect((await fetch(`${bare.url}/runz`, { headers })).headers.get("content-type")).toContain(json);
});
