import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

test("a run that another client invoked appears by itself", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/runs" });
  const { page, trouble } = opened;
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  const run = await server.jobs.greet.invoke({ name: "Grace" });
  await page.getByRole("row").filter({ hasText: run.id }).getByText("Success").waitFor();
  expect(trouble).toEqual({ foreignRequests: [], errors: [] });
});

test("a computer that is offline still follows a server of its own", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.getByRole("heading", { name: "Nothing has run yet" }).waitFor();
  await page.evaluate(() => globalThis.dispatchEvent(new Event("offline")));
  const run = await server.jobs.patient.invoke({});
  const row = page.getByRole("row").filter({ hasText: run.id });
  await row.getByText("Waiting").waitFor();
  await row.getByRole("checkbox").click();
  await page.getByRole("button", { name: "Cancel 1" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel 1 run" }).click();
  await row.getByText("Canceled").waitFor();
});

test("filters are kept in the URL, and survive a reload", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const greeted = await server.jobs.greet.invoke({ name: "Grace" }, { tags: ["vip"], idempotencyKey: "signup-7" });
  const failed = await server.jobs.flaky.invoke({});
  await Promise.all([greeted.result(), failed.result()]);
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  const greetedRow = page.getByRole("row").filter({ hasText: greeted.id });
  const failedRow = page.getByRole("row").filter({ hasText: failed.id });
  await greetedRow.waitFor();
  await page.getByRole("button", { name: "Any status" }).click();
  await page.getByRole("checkbox", { name: "Failure" }).click();
  await page.keyboard.press("Escape");
  await greetedRow.waitFor({ state: "detached" });
  expect(new URL(page.url()).searchParams.get("status")).toBe("FAILURE");
  await page.reload();
  await failedRow.waitFor();
  expect(await greetedRow.count()).toBe(0);
  await page.getByRole("button", { name: "Clear filters" }).click();
  await page.getByRole("searchbox").fill("signup-7");
  await failedRow.waitFor({ state: "detached" });
  await greetedRow.waitFor();
  await page.goto(`${server.url}/runs?tag=vip&job=greet&version=1.2.0&test=false&from=1h`);
  await greetedRow.waitFor();
  await page.getByRole("button", { name: "Remove the filter Tag" }).click();
  await page.waitForURL((url) => !url.searchParams.has("tag"));
});

test("a filter is the text that its URL says, and what it says wrongly is left out", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const ids = new Map<string, string>();
  for (const text of ["9007199254740993", "1.0", "true", "1e3", '"quoted"']) {
    const options = { idempotencyKey: text, tags: [text], accountId: text };
    ids.set(text, (await server.jobs.greet.invoke({ name: "Grace" }, options)).id);
  }
  await using opened = await open(server, { path: "/jobs" });
  const { page } = opened;
  for (const [text, id] of ids) {
    const url = `${server.url}/runs?${new URLSearchParams({ q: text, tag: text, account: text }).toString()}`;
    await page.goto(url);
    await page.getByRole("checkbox", { name: "Select all 1 runs that are loaded" }).waitFor();
    await page.getByRole("row").filter({ hasText: id }).waitFor();
    expect(page.url()).toBe(url);
  }
  await page.goto(
    `${server.url}/runs?${new URLSearchParams({ status: '["FAILURE"]', test: "yes", foo: "bar" }).toString()}`,
  );
  await page.getByRole("checkbox", { name: "Select all 5 runs that are loaded" }).waitFor();
  expect(await page.getByRole("button", { name: "Clear filters" }).count()).toBe(0);
});

test("many runs are canceled together, after a confirmation that counts them", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.patient.batchInvoke([{ payload: 1 }, { payload: 2 }, { payload: 3 }]);
  const done = await server.jobs.greet.invoke({ name: "Grace" });
  await done.result();
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await expect.poll(() => page.getByRole("row").filter({ hasText: "Waiting" }).count()).toBe(3);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: "Cancel 3" }).click();
  const dialog = page.getByRole("dialog", { name: "Cancel 3 runs?" });
  await dialog.getByText("1 of the selected cannot be").waitFor();
  expect(await dialog.getByRole("listitem").filter({ hasText: "patient run_" }).count()).toBe(3);
  await dialog.getByRole("button", { name: "Cancel 3 runs" }).click();
  await page.getByText("3 runs canceled.").waitFor();
  await expect.poll(() => page.getByRole("row").filter({ hasText: "Canceled" }).count()).toBe(3);
});

test("a run that no longer fits the filters is selected no longer, and none in an old list", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const older = await server.jobs.patient.invoke({});
  await server.jobs.patient.invoke({});
  await using opened = await open(server, { path: "/runs?status=WAITING" });
  const { page } = opened;
  await expect.poll(() => page.getByRole("row").filter({ hasText: "Waiting" }).count()).toBe(2);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  const toolbar = page.getByRole("toolbar", { name: "Selected runs" });
  await toolbar.getByText("2 selected").waitFor();
  await server.engine.cancel(older.id);
  await toolbar.getByText("1 selected").waitFor();
  const released = Promise.withResolvers<void>();
  await page.route(/runs\.list/, async (route) => {
    await released.promise;
    await route.continue();
  });
  await page.getByRole("searchbox").fill("nothing-like-this");
  await toolbar.waitFor({ state: "detached" });
  await expect.poll(() => page.getByRole("checkbox", { name: /^Select run/ }).isDisabled()).toBe(true);
  released.resolve();
  await page.getByRole("heading", { name: "No run fits these filters" }).waitFor();
});

test("runs that refuse a bulk action stay selected, and are named until that is dismissed", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const runs = await server.jobs.patient.batchInvoke([{ payload: 1 }, { payload: 2 }]);
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await expect.poll(() => page.getByRole("row").filter({ hasText: "Waiting" }).count()).toBe(2);
  await page.getByRole("checkbox", { name: /^Select all/ }).click();
  // The list hears no more: what it shows as waiting is canceled meanwhile.
  const released = Promise.withResolvers<void>();
  await page.route(/runs\.list/, async (route) => {
    await released.promise;
    await route.continue();
  });
  const [gone] = runs;
  await server.engine.cancel(gone?.id ?? "");
  await page.getByRole("button", { name: "Cancel 2" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel 2 runs" }).click();
  const notice = page.getByRole("status").filter({ hasText: "1 run canceled, 1 not" });
  await notice.getByText(`${gone?.id}: `).waitFor();
  await page.getByRole("toolbar", { name: "Selected runs" }).getByText("1 selected").waitFor();
  released.resolve();
  expect(await page.getByRole("checkbox", { name: `Select run ${gone?.id}` }).isChecked()).toBe(true);
  await notice.getByRole("button", { name: "Dismiss" }).click();
  await notice.waitFor({ state: "detached" });
});

test("the keyboard goes through the runs, and the sheet tells its keys", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.greet.invoke({ name: "Grace" });
  const newest = await server.jobs.greet.invoke({ name: "Ada" });
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.getByRole("row").filter({ hasText: newest.id }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Next run").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${server.url}/runs/${newest.id}`);
  await page.keyboard.press("g");
  await page.keyboard.press("j");
  await page.waitForURL(`${server.url}/jobs`);
});

test("a key that is held acts once, unless it walks", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.greet.batchInvoke([{ payload: { name: "Grace" } }, { payload: { name: "Hedy" } }]);
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await expect.poll(() => page.locator("[data-run-link]").count()).toBe(2);
  await page.keyboard.down("j");
  await page.keyboard.down("j");
  await page.keyboard.up("j");
  await page.locator("[data-run-link]:focus").waitFor();
  await page.keyboard.down("x");
  await page.keyboard.down("x");
  await page.keyboard.up("x");
  const boxes = page.getByRole("checkbox", { name: /^Select run/ });
  await page.getByRole("toolbar", { name: "Selected runs" }).getByText("1 selected").waitFor();
  expect(await boxes.nth(1).isChecked()).toBe(true);
});

test("a list that was scrolled far down is live again after a refresh", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const later = Array.from(
    { length: 310 },
    (_unused, index) => ({ payload: index, options: { delay: "1h" } }) as const,
  );
  await server.jobs.patient.batchInvoke(later);
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  const refresh = page.getByRole("button", { name: "Paused while you look back: refresh" });
  await page.locator("[data-run-link]").first().waitFor();
  await expect
    .poll(async () => {
      await page.locator("[data-run-link]").last().scrollIntoViewIfNeeded();
      return refresh.count();
    })
    .toBe(1);
  const newest = await server.jobs.patient.invoke({});
  await refresh.click();
  await page.getByText("Live", { exact: true }).waitFor();
  await page.getByRole("row").filter({ hasText: newest.id }).waitFor();
});

test("a next page that is refused is asked for no more often than the list is read", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.patient.batchInvoke(Array.from({ length: 150 }, (_unused, index) => ({ payload: index })));
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.locator("[data-run-link]").first().waitFor();
  const asked = { first: 0, next: 0 };
  let isRefused = true;
  await page.route(/runs\.list/, async (route) => {
    const isNext = decodeURIComponent(route.request().url()).includes('"cursor":"');
    asked[isNext ? "next" : "first"] += 1;
    await (isNext && isRefused ? route.fulfill({ status: 403, json: {} }) : route.continue());
  });
  await page.locator("[data-run-link]").last().scrollIntoViewIfNeeded();
  await expect
    .poll(async () => {
      if (asked.next === 0) await page.locator("[data-run-link]").last().scrollIntoViewIfNeeded();
      return Math.min(asked.next, asked.first);
    })
    .toBeGreaterThan(1);
  expect(asked.next).toBeLessThanOrEqual(asked.first + 1);
  isRefused = false;
  await page.getByRole("checkbox", { name: "Select all 150 runs that are loaded" }).waitFor();
});

test("what is read stays where it is while newer runs come above it", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.patient.batchInvoke(Array.from({ length: 90 }, (_unused, index) => ({ payload: index })));
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  const links = page.locator("[data-run-link]");
  await links.first().waitFor();
  const read = (await server.engine.listRuns({ limit: 100 })).runs[45]?.id ?? "";
  const row = page.getByRole("row").filter({ hasText: read });
  await expect
    .poll(async () => {
      if ((await row.count()) === 0) await links.last().scrollIntoViewIfNeeded();
      return row.count();
    })
    .toBe(1);
  await row.scrollIntoViewIfNeeded();
  const place = await row.boundingBox();
  await server.jobs.greet.batchInvoke(Array.from({ length: 40 }, () => ({ payload: { name: "Ada" } })));
  const newer = page.getByRole("button", { name: "40 newer runs" });
  await newer.waitFor();
  expect(await row.boundingBox()).toEqual(place);
  await newer.click();
  await page.getByRole("row").filter({ hasText: "greet" }).first().waitFor();
  await newer.waitFor({ state: "detached" });
});

test("the keys go on from the run that has the focus, however many come above it", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  await server.jobs.patient.batchInvoke(Array.from({ length: 9 }, (_unused, index) => ({ payload: index })));
  const ids = (await server.engine.listRuns({})).runs.map(({ id }) => id);
  await using opened = await open(server, { path: "/runs" });
  const { page } = opened;
  await page.locator("[data-run-link]").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page
    .locator("[data-run-link]:focus")
    .filter({ hasText: ids[1] ?? "" })
    .waitFor();
  await server.jobs.greet.batchInvoke(Array.from({ length: 60 }, () => ({ payload: { name: "Ada" } })));
  await page.getByRole("checkbox", { name: "Select all 69 runs that are loaded" }).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.getByRole("toolbar", { name: "Selected runs" }).getByText("1 selected").waitFor();
  expect(await page.getByRole("checkbox", { name: `Select run ${ids[2]}` }).isChecked()).toBe(true);
});
