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

test("where the server no longer has the editor's file, the payload is written in a plain field", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page } = opened;
  await page.locator("#payload_slug").fill("a.b-c");
  await page.route(/\/assets\/json-editor-/, (route) => route.fulfill({ status: 404 }));
  await page.getByRole("tab", { name: "JSON" }).click();
  const field = page.locator('textarea[aria-label="Payload as JSON"]');
  await field.waitFor();
  expect(JSON.parse(await field.inputValue())).toEqual({ slug: "a.b-c" });
  await field.fill('{ "slug": "d-e" }');
  await page.getByRole("button", { name: "Run test" }).click();
  await page.waitForURL(/\/runs\/run_/);
  await page.getByText('"d-e"').first().waitFor();
});

test("where the form cannot be had, the JSON is the payload", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path: "/jobs/form" });
  const { page } = opened;
  await page.route(/\/assets\/payload-form-/, (route) => route.fulfill({ status: 404 }));
  await page.getByRole("link", { name: "Test", exact: true }).click();
  await page.getByRole("alert").getByText("The form could not be shown").waitFor();
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.getByRole("textbox", { name: "Payload as JSON" }).fill('{ "slug": "d-e" }');
  await page.getByRole("button", { name: "Run test" }).click();
  await page.waitForURL(/\/runs\/run_/);
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

test("a form shows what counts where nothing is given, adds nothing to it, and takes it back", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page } = opened;
  const payload = async () => {
    await page.getByRole("tab", { name: "JSON" }).click();
    const text = await page.getByRole("textbox", { name: "Payload as JSON" }).innerText();
    await page.getByRole("tab", { name: "Form" }).click();
    return text.replaceAll(/\s/g, "");
  };
  await page.getByLabel("isLoud").waitFor();
  expect(await payload()).toBe("{}");
  expect(await page.getByLabel("isLoud").innerText()).toContain("Yes by default");
  await page.getByLabel("isLoud").selectOption("No");
  await page.getByLabel("isAgreed").selectOption("Yes");
  expect(await payload()).toBe('{"isLoud":false,"isAgreed":true}');
  await page.getByLabel("isAgreed").selectOption("Choose…");
  expect(await payload()).toBe('{"isLoud":false}');
});

test("a bigint is typed with its sign", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page } = opened;
  await page.locator("#payload_visits").pressSequentially("-5");
  expect(await page.locator("#payload_visits").inputValue()).toBe("-5");
});

test("a year is typed digit by digit, through years before there was standard time", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path, timezoneId: "Europe/Amsterdam" });
  const { page } = opened;
  const born = page.locator("#payload_born");
  await born.fill("2020-01-02T10:00");
  await born.pressSequentially("06231812");
  expect(await born.inputValue()).toMatch(/^1812-06-23T10:00/);
});

test("a run is not sent without what a field holds and cannot be read", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page } = opened;
  const refusal = page.getByText("A field of the form holds what cannot be read");
  const typed = { extra: "{", visits: "-", age: "1e", born: "0623" };
  for (const [name, text] of Object.entries(typed)) {
    const field = page.locator(`#payload_${name}`);
    await field.pressSequentially(text);
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await page.keyboard.press("Control+Enter");
    await refusal.waitFor();
    expect(await page.getByRole("button", { name: "Send it anyway" }).count()).toBe(0);
    await page.getByRole("tab", { name: "JSON" }).click();
    await page.getByRole("textbox", { name: "Payload as JSON" }).waitFor();
    await page.getByRole("button", { name: "Run test" }).click();
    await refusal.waitFor();
    await page.getByRole("tab", { name: "Form" }).click();
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await field.fill("");
    await expect.poll(() => field.getAttribute("aria-invalid")).toBe("false");
  }
  await page.getByRole("button", { name: "Run test" }).click();
  await page.waitForURL(/\/runs\/run_/);
});

test("what a field holds and cannot be read outlives JSON that cannot be read, too", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await using opened = await open(server, { path });
  const { page } = opened;
  const field = page.locator("#payload_visits");
  await field.pressSequentially("x");
  await page.getByRole("tab", { name: "JSON" }).click();
  const editor = page.getByRole("textbox", { name: "Payload as JSON" });
  await editor.fill('{ "age": ');
  await page.getByRole("tab", { name: "Form" }).click();
  await page.getByText("The JSON cannot be read").waitFor();
  expect(await field.isVisible()).toBe(false);
  await page.getByRole("tab", { name: "JSON" }).click();
  await editor.fill('{ "age": 7 }');
  await page.getByRole("tab", { name: "Form" }).click();
  expect(await field.inputValue()).toBe("x");
  expect(await page.locator("#payload_age").inputValue()).toBe("7");
  await page.keyboard.press("Control+Enter");
  await page.getByText("A field of the form holds what cannot be read").waitFor();
});

test("a run's payload is tried again, and one that is not there is not taken for an example", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  const run = await server.jobs.form.invoke({ age: 42 });
  await run.result();
  await using opened = await open(server, { path: `${path}?from=${run.id}` });
  const { page } = opened;
  await expect.poll(() => page.locator("#payload_age").inputValue()).toBe("42");
  const sources = page.getByRole("region", { name: "Start from" });
  expect(await sources.getByRole("button", { pressed: true }).innerText()).toContain("Success");
  await page.goto(`${server.url}${path}?from=run_missing`);
  await page.getByRole("alert").getByText("run_missing").waitFor();
  expect(await page.getByRole("button", { name: "Run test" }).count()).toBe(0);
  await page.getByRole("link", { name: "Start without the payload of that run" }).click();
  expect(await sources.getByRole("button", { pressed: true }).innerText()).toBe("Nothing given");
});

test("a payload that comes late does not replace what was chosen since", async ({ open }) => {
  await using server = await startTestServer({ jobs: { form } });
  await (await server.jobs.form.invoke({ age: 42 })).result();
  await using opened = await open(server, { path });
  const { page } = opened;
  const released = Promise.withResolvers<void>();
  await page.route(/runs\.get/, async (route) => {
    await released.promise;
    await route.continue();
  });
  await page.getByRole("button", { name: "Success" }).click();
  await page.getByRole("button", { name: "With an age" }).click();
  const late = page.waitForResponse(/runs\.get/);
  released.resolve();
  await (await late).finished();
  expect(await page.locator("#payload_age").inputValue()).toBe("7");
  expect(await page.getByRole("button", { pressed: true }).innerText()).toBe("With an age");
});

test("an answer that comes late leads to its run, and takes nobody away from what he writes by then", async ({
  open,
}) => {
  await using server = await startTestServer({ jobs });
  const replayed = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: "/jobs/greet/test" });
  const { page } = opened;
  const asked: (() => void)[] = [];
  await page.route(/greet\.invoke|runs\.replay/, (route) => void asked.push(() => void route.continue()));
  await page.getByRole("button", { name: /Run test/ }).click();
  await expect.poll(() => asked.length).toBe(1);
  await page.getByRole("link", { name: "Jobs", exact: true }).first().click();
  await page.getByRole("link", { name: "Test Patient" }).click();
  const editor = page.getByRole("textbox", { name: "Payload as JSON" });
  await editor.fill('{ "word": "given" }');
  asked[0]?.();
  const notice = page.getByRole("status").filter({ hasText: "The test run of greet is made." });
  await notice.waitFor();
  expect(await editor.innerText()).toContain("given");
  await notice.getByRole("link").click();
  await page.getByText("Hello, Ada (free)").waitFor();
  await page.goto(`${server.url}/runs/${replayed.id}`);
  await page.getByRole("button", { name: "Replay" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay as a new run" });
  await dialog.getByRole("button", { name: "Replay unchanged" }).click();
  await expect.poll(() => asked.length).toBe(2);
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await dialog.waitFor({ state: "detached" });
  asked[1]?.();
  await page
    .getByRole("status")
    .filter({ hasText: `The replay of ${replayed.id} is made.` })
    .waitFor();
  expect(page.url()).toBe(`${server.url}/runs/${replayed.id}`);
});
