import * as samples from "@acme/jobs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import { choices, groups, values } from "./world/fields-job.ts";
import { greet } from "./world/jobs.ts";

/** Sends what the form holds; the id of the run that it made. */
async function runTest(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Run test" }).click();
  await page.waitForURL(/\/runs\/run_/);
  return new URL(page.url()).pathname.slice("/runs/".length);
}

async function payloadOf(page: Page): Promise<unknown> {
  await page.getByRole("tab", { name: "JSON" }).click();
  const text = await page.getByRole("textbox", { name: "Payload as JSON" }).innerText();
  await page.getByRole("tab", { name: "Form" }).click();
  return JSON.parse(text);
}

test("the tier of the sample job is chosen in its form, between the literals that its schema names", async ({
  open,
}) => {
  await using server = await startTestServer({ jobs: samples });
  await using opened = await open(server, { path: "/jobs/example-job/test" });
  const { page, trouble } = opened;
  const tier = page.getByLabel("tier");
  expect(await tier.locator("option:checked").innerText()).toBe("free");
  await tier.selectOption("pro");
  const made = await server.jobs.exampleJob.run(await runTest(page)).result();
  expect(made.invocation.payload).toEqual({ userId: "1234", tier: "pro" });
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("what is chosen in a form is what the run gets, and says what is chosen where nothing is", async ({ open }) => {
  await using server = await startTestServer({ jobs: { greet } });
  await using opened = await open(server, { path: "/jobs/greet/test" });
  const { page } = opened;
  const tier = page.getByLabel("tier");
  await expect.poll(() => tier.locator("option").allInnerTexts()).toEqual(["free by default", "free", "pro"]);
  await tier.selectOption("pro");
  await runTest(page);
  await page.getByText("Hello, Ada (pro)").waitFor();
});

test("a union of literals is chosen wherever it is, and reaches the run with its type", async ({ open }) => {
  await using server = await startTestServer({ jobs: { choices } });
  await using opened = await open(server, { path: "/jobs/choices/test" });
  const { page, trouble } = opened;
  const choose = (id: string, label: string) => page.locator(`select#payload_${id}`).selectOption(label);
  await choose("text", "pro");
  await choose("number", "0");
  await choose("mixed", '"7"');
  await choose("optional", "free");
  await choose("otherDefault", "free");
  await choose("nullable", "null");
  await choose("otherNullable", "pro");
  await choose("nested_inner", "free");
  for (const list of ["list", "list", "objects"]) await page.getByRole("button", { name: `Add to ${list}` }).click();
  await choose("list_0", "pro");
  await choose("list_1", "free");
  await choose("objects_0_inner", "2");
  const made = await server.jobs.choices.run(await runTest(page)).result();
  expect(made).toMatchObject({
    output: {
      text: "pro",
      number: 0,
      mixed: "7",
      optional: "free",
      byDefault: "pro",
      otherDefault: "free",
      nullable: null,
      otherNullable: "pro",
      nested: { inner: "free" },
      list: ["pro", "free"],
      objects: [{ inner: 2 }],
    },
  });
  expect(made.invocation.payload).not.toHaveProperty("byDefault");
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("where nothing is chosen in a union of literals that must be there, it is said at its field", async ({ open }) => {
  await using server = await startTestServer({ jobs: { choices } });
  await using opened = await open(server, { path: "/jobs/choices/test" });
  const { page } = opened;
  const text = page.locator("#payload_text");
  await text.selectOption("pro");
  await text.selectOption("Choose…");
  expect(await payloadOf(page)).toEqual({});
  await page.getByRole("button", { name: "Run test" }).click();
  await page.getByText("The payload does not fit the schema").waitFor();
  expect(await text.getAttribute("aria-invalid")).toBe("true");
  expect(await page.locator("#payload_optional").getAttribute("aria-invalid")).toBe("false");
});

test("a form has one field for each part of a payload, and enters nothing by itself", async ({ open }) => {
  await using server = await startTestServer({ jobs: { values } });
  await using opened = await open(server, { path: "/jobs/values/test" });
  const { page } = opened;
  await page.getByRole("tab", { name: "JSON" }).click();
  await page.getByRole("textbox", { name: "Payload as JSON" }).fill("{}");
  await page.getByRole("tab", { name: "Form" }).click();
  const form = page.getByRole("tabpanel", { name: "Form" });
  const ids = ["shape", "record", "tuple", "textOrNumber", "anything", "nothing", "noMembers"];
  const dates = ["date", "dateOrNull", "coerced", "day"];
  const fields = form.locator("input, select, textarea");
  await expect
    .poll(() => fields.evaluateAll((all) => all.map(({ id }) => id)))
    .toEqual([...ids, ...dates].map((id) => `payload_${id}`));
  expect(await form.locator("label, legend").allInnerTexts()).toEqual([...ids, ...dates, "dates"]);
  expect(await payloadOf(page)).toEqual({});
});

test("values that are written as JSON or as dates reach the run with their types", async ({ open }) => {
  await using server = await startTestServer({ jobs: { values } });
  await using opened = await open(server, { path: "/jobs/values/test", timezoneId: "Europe/Amsterdam" });
  const { page, trouble } = opened;
  const fill = (id: string, text: string) => page.locator(`#payload_${id}`).fill(text);
  await fill("shape", '{ "kind": "named", "name": "a square" }');
  await fill("record", '{ "a": 1, "b": 2 }');
  await fill("tuple", '["x", 2]');
  await fill("textOrNumber", '"5"');
  await fill("anything", '{ "deep": [null] }');
  await page.locator("#payload_nothing").selectOption("null");
  await fill("date", "2026-06-23T10:00:00");
  await fill("dateOrNull", '{ "json": "2026-06-23T08:00:00.000Z", "meta": { "values": ["Date"] } }');
  await fill("coerced", "2026-06-23T10:00:00");
  await fill("day", "2026-06-24");
  await page.getByRole("button", { name: "Add to dates" }).click();
  await fill("dates_0", "2026-06-23T10:00:00");
  const made = await server.jobs.values.run(await runTest(page)).result();
  const at = new Date("2026-06-23T08:00:00.000Z");
  expect(made).toMatchObject({
    output: {
      shape: { kind: "named", name: "a square" },
      record: { a: 1, b: 2 },
      tuple: ["x", 2],
      textOrNumber: "5",
      anything: { deep: [null] },
      nothing: null,
      noMembers: {},
      date: at,
      dateOrNull: at,
      coerced: at,
      day: "2026-06-24",
      dates: [at],
      since: new Date(5),
      many: ["x"],
    },
  });
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("what a payload has beside what its schema names is shown as JSON, and can be changed", async ({ open }) => {
  await using server = await startTestServer({ jobs: { values } });
  await using opened = await open(server, { path: "/jobs/values/test" });
  const { page } = opened;
  expect(await page.getByLabel("since").inputValue()).toContain('"Date"');
  await page.getByLabel("many").fill('["y", "z"]');
  const made = await server.jobs.values.run(await runTest(page)).result();
  expect(made).toMatchObject({ output: { since: new Date(5), many: ["y", "z"] } });
});

test("what was entered in a group that need not be there is taken back, and the group with it", async ({ open }) => {
  await using server = await startTestServer({ jobs: { groups } });
  await using opened = await open(server, { path: "/jobs/groups/test" });
  const { page } = opened;
  await page.locator("#payload_address_street").fill("Elm");
  const leaveOut = page.getByRole("button", { name: /^Leave out/ });
  expect(await leaveOut.allInnerTexts()).toEqual(["Leave out address"]);
  await page.locator("#payload_address_street").fill("");
  await leaveOut.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Add to names" }).click();
  await page.getByRole("button", { name: "Remove item 1" }).click();
  expect(await payloadOf(page)).toEqual({ names: [] });
  await page.getByRole("button", { name: "Leave out names" }).click();
  expect(await payloadOf(page)).toEqual({});
  const made = await server.jobs.groups.run(await runTest(page)).result();
  expect(made.invocation.payload).toEqual({});
});
