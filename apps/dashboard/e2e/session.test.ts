import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

const keys = { apiKey: "full-key-of-the-test", readApiKey: "read-key-of-the-test" };

test("with a key set people sign in, and the browser keeps no key", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.getByLabel("API key").fill("a guess");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").getByText("The key is not this server's").waitFor();
  await page.getByLabel("API key").fill(keys.apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  const kept = await page.evaluate(() =>
    JSON.stringify([location.href, Object.entries(localStorage), document.cookie]),
  );
  expect(kept).not.toContain(keys.apiKey);
  expect(kept).not.toContain("beckon_session");
  await page.reload();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in to Beckon" }).waitFor();
});

test("the read key sees everything and is offered no change", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByLabel("API key").fill(keys.readApiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.locator("header").getByText("Waiting").waitFor();
  await page.getByText("read only").waitFor();
  expect(await page.getByRole("button", { name: /Cancel|Replay|Retry/ }).count()).toBe(0);
});
