import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import { form } from "./world/form-job.ts";
import * as jobs from "./world/jobs.ts";

const path = "/jobs/form/test";

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

test("what does not fit is said at the field, before anything is sent", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/jobs/greet/test" });
  const { page } = opened;
  await page.getByLabel("name", { exact: false }).first().fill("A");
  await page.getByRole("button", { name: "Run test" }).click();
  await page.getByText("The payload does not fit the schema").waitFor();
  expect(await page.locator("#payload_name").getAttribute("aria-invalid")).toBe("true");
  await page.locator("#payload_name").fill("Anna");
  await page.getByRole("button", { name: "Run test" }).click();
  await page.getByText("Hello, Anna (free)").waitFor();
});

test("the form and the JSON are one payload, with values that JSON cannot say", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/jobs/greet/test" });
  const { page, trouble } = opened;
  await page.locator("#payload_visits").fill("9007199254740993");
  await page.locator("#payload_born").fill("1912-06-23T10:00");
  await page.getByRole("tab", { name: "JSON" }).click();
  const editor = page.getByRole("textbox", { name: "Payload as JSON" });
  await editor.getByText("9007199254740993").waitFor();
  const born = new Date("1912-06-23T12:00:00.000Z");
  await editor.fill(
    JSON.stringify({ json: { name: "Emmy", born, tier: "pro" }, meta: { values: { born: ["Date"] } } }),
  );
  await page.getByRole("tab", { name: "Form" }).click();
  expect(await page.locator("#payload_name").inputValue()).toBe("Emmy");
  await page.getByLabel("Tags").fill("one, two");
  await page.getByLabel("Idempotency key").fill("emmy-1");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/\/runs\/run_/);
  await page.getByText("1912-06-23T12:00:00.000Z").first().waitFor();
  await page.locator("header").getByText("emmy-1").waitFor();
  await page.locator("header").getByRole("link", { name: "two" }).waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("what cannot be checked here is left to the server, and what cannot be sent is said", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page, trouble } = opened;
  await page.locator("#payload_slug").fill("a.b-c");
  await page.getByRole("tab", { name: "JSON" }).click();
  const editor = page.getByRole("textbox", { name: "Payload as JSON" });
  await editor.fill('{ "constructor": 1 }');
  await page.getByRole("alert").getByText("cannot be stored").first().waitFor();
  await page.getByRole("tab", { name: "Form" }).click();
  await page.getByText("The JSON cannot be read").waitFor();
  await page.getByRole("tab", { name: "JSON" }).click();
  await editor.fill('{ "slug": "a.b-c" }');
  await page.getByRole("button", { name: "Run test" }).click();
  await page.waitForURL(/\/runs\/run_/);
  await page.getByText('"a.b-c"').first().waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("the keys that run the test make one run, however often they are pressed", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page } = opened;
  const released = Promise.withResolvers<void>();
  let asked = 0;
  await page.route(/form\.invoke/, async (route) => {
    asked += 1;
    await released.promise;
    await route.continue();
  });
  await page.locator("#payload_slug").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  released.resolve();
  await page.waitForURL(/\/runs\/run_/);
  expect(asked).toBe(1);
});
