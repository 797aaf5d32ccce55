import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("a payload that was edited is not lost by Escape or by a click beside the dialog", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("button", { name: "Replay" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay as a new run" });
  const editor = dialog.getByRole("textbox", { name: "Payload of the new run" });
  await editor.fill('{ "word": "given" }');
  await dialog.getByRole("button", { name: "Replay with this payload" }).waitFor();
  await page.keyboard.press("Escape");
  await page.mouse.click(5, 5);
  expect(await editor.innerText()).toContain("given");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await dialog.waitFor({ state: "detached" });
});

test("a payload that was not edited is left by Escape", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("button", { name: "Replay" }).click();
  const dialog = page.getByRole("dialog", { name: "Replay as a new run" });
  await dialog.getByRole("textbox", { name: "Payload of the new run" }).waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});
