import type { Page } from "playwright-core";
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

test("the key can be entered at once, also when a session has ended", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  const focusedField = page.locator("#key:focus");
  await focusedField.waitFor();
  await page.keyboard.type(keys.apiKey);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sign out" }).click();
  await focusedField.waitFor();
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

test("what was being written outlives a session that ends", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  await using opened = await open(server, { path: "/jobs/greet/test" });
  const { page } = opened;
  await signIn(page);
  await page.getByRole("tab", { name: "JSON" }).click();
  const editor = page.getByRole("textbox", { name: "Payload as JSON" });
  await editor.fill('{ "name": "Hedy" }');
  await endSession(page);
  await signIn(page);
  await editor.getByText("Hedy").waitFor();
  await page.getByRole("button", { name: "Run test" }).click();
  await page.getByText("Hello, Hedy (free)").waitFor();
});

test("a dialog that is open when the session ends is there again after the sign-in", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await signIn(page);
  await page.getByRole("button", { name: "Replay" }).click();
  await page.getByRole("textbox", { name: "Payload of the new run" }).fill('{ "word": "given" }');
  await endSession(page);
  await signIn(page);
  await page.getByRole("button", { name: "Replay with this payload" }).click();
  await page.getByRole("region", { name: "payload" }).getByText('"given"').waitFor();
});

test("a sign-in whose cookie the browser drops says so, and leads on once it is kept", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.route("**/session", (route) =>
    route.request().method() === "POST" ? route.fulfill({ json: { role: "full" } }) : route.continue(),
  );
  await signIn(page);
  const problem = page.getByRole("alert").getByText("did not keep the session's cookie");
  await problem.waitFor();
  await page.unroute("**/session");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
});

test("a session that cannot be asked for is what it was", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByLabel("API key").fill(keys.readApiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("read only").waitFor();
  await page.route("**/session", (route) => route.fulfill({ status: 502 }));
  // When it is asked for the second time, the first answer has been drawn.
  for (const _ of [1, 2]) {
    const asked = page.waitForResponse("**/session");
    await page.evaluate(() => globalThis.dispatchEvent(new Event("visibilitychange")));
    await asked;
  }
  await page.getByText("read only").waitFor();
  expect(await page.getByRole("button", { name: /Cancel|Replay|Retry/ }).count()).toBe(0);
});

test("a sign-out that does not reach the server says so, and leaves the session as it is", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  await using opened = await open(server, { path: "/runs" });
  const { page, trouble } = opened;
  await signIn(page);
  const signOut = page.getByRole("button", { name: "Sign out" });
  await page.route("**/session", (route) => (route.request().method() === "DELETE" ? route.abort() : route.continue()));
  await signOut.click();
  await page.getByRole("status").getByText("You are still signed in").waitFor();
  await page.unroute("**/session");
  await page.route("**/session", (route) => route.fulfill({ status: 502 }));
  await signOut.click();
  await page.getByRole("status").getByText("status 502").waitFor();
  expect(await page.getByRole("heading", { name: "Sign in to Beckon" }).count()).toBe(0);
  expect(trouble.errors).toEqual([]);
});

test("signing in again in one tab opens the others", async ({ open }) => {
  await using server = await startTestServer({ jobs, ...keys });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await signIn(page);
  const other = await page.context().newPage();
  await other.goto(`${server.url}/runs`);
  await other.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await other.getByRole("heading", { name: "Sign in to Beckon" }).waitFor();
  await signIn(page);
  // Before the session is there, the other tab would ask in vain.
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  await other.evaluate(() => globalThis.dispatchEvent(new Event("visibilitychange")));
  await other.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
});

/** The page hears of it when it is looked at again, or before, by whatever it asks meanwhile. */
async function endSession(page: Page): Promise<void> {
  await page.context().clearCookies();
  await page.evaluate(() => globalThis.dispatchEvent(new Event("visibilitychange")));
  await page.getByRole("heading", { name: "Sign in to Beckon" }).waitFor();
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel("API key").fill(keys.apiKey);
  await page.getByRole("button", { name: "Sign in" }).click();
}
