import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "@beckon/server";
import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("a failed run shows its error, stack and cause, and Retry takes it to its end", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.flaky.invoke({});
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page, trouble } = opened;
  const details = page.getByRole("region", { name: "Details" });
  await details.getByText("The post office is closed.").first().waitFor();
  await details.getByText("It is Sunday.").first().waitFor();
  await details.getByRole("region", { name: "Stack", exact: true }).waitFor();
  await page.getByRole("button", { name: "Retry" }).click();
  await page.getByRole("banner").or(page.locator("header")).getByText("Success").waitFor();
  await details.getByText('"done"').waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("how often a run was entered stands beside its attempt", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.family.invoke({ size: 1 });
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const entered = opened.page.locator("dd").filter({ hasText: "entered" });
  expect(await entered.innerText()).toMatch(/^1, entered \d times$/);
});

test("a waiting run says why it waits and how far it is, and is canceled", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("region", { name: "Why is it waiting?" }).getByText("a long while").waitFor();
  expect(await page.getByRole("progressbar", { name: "Waiting for word" }).getAttribute("aria-valuenow")).toBe("25");
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.locator("header").getByText("Canceled").waitFor();
  await page.getByRole("region", { name: "Why is it waiting?" }).waitFor({ state: "detached" });
});

test("a run is replayed with an edited payload", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.greet.invoke({ name: "Grace" });
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("button", { name: "Replay" }).click();
  const editor = page.getByRole("dialog").getByRole("textbox", { name: "Payload of the new run" });
  await editor.fill('{ "name": "Hedy", "tier": "pro" }');
  await page.getByRole("button", { name: "Replay with this payload" }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/runs/") && !url.pathname.endsWith(run.id));
  await page.getByText("Hello, Hedy (pro)").waitFor();
  await page.locator("header").getByRole("link", { name: run.id }).waitFor();
});

test("while a dialog is open, the keys of the page below it do nothing", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(...(request.url().match(/runs\.cancel/) ?? [])));
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog", { name: "Replay as a new run" });
  // It takes the focus when it arrives, and with it what is pressed.
  await dialog.locator('[role="textbox"]:focus').waitFor();
  await dialog.getByRole("button", { name: "Close" }).first().focus();
  await page.keyboard.press("c");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(asked).toEqual([]);
});

test("the payload is what is typed into when the replay is asked for", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  await page.keyboard.press("r");
  await page.locator('[role="dialog"] [role="textbox"]:focus').waitFor();
});

test("a run is canceled once, however often the key is pressed", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  const asked: (() => void)[] = [];
  await page.route(/runs\.cancel/, (route) => void asked.push(() => void route.continue()));
  await page.keyboard.press("c");
  await page.getByRole("button", { name: "Cancel", disabled: true }).waitFor();
  await page.keyboard.press("c");
  await expect.poll(() => asked.length).toBeGreaterThan(0);
  for (const answer of asked) answer();
  await page.locator("header").getByText("Canceled").waitFor();
  expect(asked.length).toBe(1);
});

test("after a cancel or a retry by keyboard the focus is on what stays", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.getByRole("button", { name: "Cancel" }).press("Enter");
  await page.locator("header").getByText("Canceled").waitFor();
  await page.locator("button:focus").filter({ hasText: "Replay" }).waitFor();
  await page.getByRole("button", { name: "Retry" }).press("Enter");
  await page.locator("header").getByText("Waiting").waitFor();
  await page.locator("button:focus").filter({ hasText: "Replay" }).waitFor();
});

test("a step that was going on when its run ended is unfinished, and an old error is told as old", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.stubborn.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}?step=dig` });
  const { page } = opened;
  const step = page.getByRole("treeitem", { name: /dig/ });
  await step.getByText("Running").waitFor();
  await page.getByRole("treeitem", { name: /stubborn/ }).click();
  await page
    .getByRole("region", { name: "Error of the attempt before" })
    .getByText("The door was locked.", { exact: true })
    .waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await step.getByText("Unfinished").waitFor();
  expect(await page.locator("main .animate-spin, main .animate-pulse").count()).toBe(0);
  await step.click();
  await page.getByRole("region", { name: "Details" }).getByText("Unfinished").waitFor();
});

test("the timeline is walked by keyboard, zoomed, and leads to children and back", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.family.invoke({ size: 3 });
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  const tree = page.getByRole("tree", { name: "Steps of the run" });
  await expect.poll(() => tree.getByRole("treeitem").count()).toBeGreaterThan(4);
  await tree.focus();
  await page.keyboard.press("End");
  await page.getByRole("region", { name: "Details" }).getByRole("heading", { name: "count" }).waitFor();
  expect(new URL(page.url()).searchParams.get("step")).toBe("count");
  await page.keyboard.press("+");
  await page.keyboard.press("0");
  await page.keyboard.press("Home");
  await page.getByRole("region", { name: "Runs it made" }).getByRole("link", { name: "greet" }).first().click();
  await page.locator("header").getByRole("link", { name: run.id }).click();
  await page.waitForURL(`${server.url}/runs/${run.id}`);
});

test("folding the step around the chosen one chooses it, and leaves the reader where he is", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.lengthy.invoke({});
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  const tree = page.getByRole("tree", { name: "Steps of the run" });
  await expect.poll(() => tree.getByRole("treeitem").count()).toBeGreaterThan(4);
  await tree.focus();
  await page.keyboard.press("End");
  await page.getByRole("region", { name: "Details" }).getByRole("heading", { name: "inner two" }).waitFor();
  const outer = tree.getByRole("treeitem", { name: /outer/ });
  await outer.locator("span[aria-hidden].cursor-pointer").click();
  await page.getByRole("region", { name: "Details" }).getByRole("heading", { name: "outer" }).waitFor();
  await tree.getByRole("treeitem", { name: /outer/, selected: true, expanded: false }).waitFor();
  await expect.poll(() => tree.evaluate(({ scrollTop }) => scrollTop)).toBeGreaterThan(400);
});

test("beside the chosen step nothing of another one is shown, and what could not be read is asked for again", async ({
  open,
}) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.flaky.invoke({});
  await run.result();
  await using opened = await open(server, { path: `/runs/${run.id}?step=prepare` });
  const { page } = opened;
  const details = page.getByRole("region", { name: "Details" });
  await details.getByRole("heading", { name: "prepare" }).waitFor();
  await page.route(/runs\.tasks/, (route) => route.fulfill({ status: 403, json: {} }));
  await page.getByRole("treeitem", { name: /deliver/ }).click();
  const problem = details.getByRole("alert").filter({ hasText: "The answer is not that of a Beckon server" });
  await problem.waitFor();
  expect(await details.getByRole("heading", { name: "prepare" }).count()).toBe(0);
  await page.unroute(/runs\.tasks/);
  await problem.getByRole("button", { name: "Try again" }).click();
  await details.getByRole("heading", { name: "deliver" }).waitFor();
});

test("a run that is made just before its parent ends appears", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.relay.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  await server.engine.sendSignal({ name: "go" });
  await server.engine.sendSignal({ name: "stop" });
  await page.locator("header").getByText("Success").waitFor();
  await page.getByRole("region", { name: "Runs it made" }).getByRole("link", { name: "greet" }).waitFor();
});

test("of a large value only what is opened is there", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const rows = Array.from({ length: 100 }, (_unused, index) => ({ name: `row ${index}` }));
  const run = await server.jobs.patient.invoke({ rows });
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const payload = opened.page.getByRole("region", { name: "payload" });
  const list = payload.getByText("[100]");
  await list.waitFor();
  expect(await payload.locator("details").count()).toBe(2);
  await list.click();
  await payload.getByText('"row 99"').waitFor();
});

test("where the browser has no clipboard, copying says so", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page, trouble } = opened;
  await page.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await page.getByRole("button", { name: "Copy the run's id" }).click();
  await page.getByRole("status").getByText("It could not be copied").waitFor();
  expect(trouble.errors).toEqual([]);
});

test("a run is followed live, also over a restart of the server", async ({ open }) => {
  const folder = await mkdtemp(join(tmpdir(), "beckon-"));
  const database = join(folder, "runs.db");
  const first = await createServer({ jobs, database, port: 0 });
  const port = Number(new URL(first.url).port);
  const run = await first.jobs.patient.invoke({});
  const { page, [Symbol.asyncDispose]: close } = await open(first, { path: `/runs/${run.id}` });
  await page.locator("header").getByText("Waiting").waitFor();
  await first.stop({ timeout: 0 });
  const second = await createServer({ jobs, database, port });
  await second.engine.cancel(run.id);
  await page.locator("header").getByText("Canceled").waitFor({ timeout: 20_000 });
  await close();
  await second.stop({ timeout: 0 });
  await rm(folder, { recursive: true });
});

test("a run that cannot be read anew stays on its page, beside the reason", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const run = await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: `/runs/${run.id}` });
  const { page } = opened;
  await page.locator("header").getByText("Waiting").waitFor();
  await page.route(/runs\.get/, (route) => route.fulfill({ status: 403, json: {} }));
  await server.engine.cancel(run.id);
  const problem = page.getByRole("alert").filter({ hasText: "The answer is not that of a Beckon server" });
  await problem.waitFor();
  await page.locator("header").getByText("Waiting").waitFor();
  await page.unroute(/runs\.get/);
  await problem.getByRole("button", { name: "Try again" }).click();
  await page.locator("header").getByText("Canceled").waitFor();
  await problem.waitFor({ state: "detached" });
});

test("a run that is not there is said to be not there", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/runs/run_none" });
  await opened.page.getByRole("heading", { name: "There is no such run" }).waitFor();
});
