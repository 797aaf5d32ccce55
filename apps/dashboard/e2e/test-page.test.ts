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
