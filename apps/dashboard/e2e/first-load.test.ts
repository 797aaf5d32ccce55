import { expect } from "vitest";
import { startTestServer, test } from "./world/dashboard-test.ts";
import * as jobs from "./world/jobs.ts";

const BUDGET_BYTES = 250_000;

test.for(["/", "/jobs", "/jobs/greet", "/runs"])(
  "%s loads at most 250 kB of JavaScript first",
  async (path, { open }) => {
    await using server = await startTestServer({ jobs });
    await using opened = await open(server, { path: "/session" });
    const { page } = opened;
    const sizes = new Map<string, number>();
    page.on("response", (response) => {
      if (/\.js(\?|$)/.test(response.url())) {
        sizes.set(response.url(), Number(response.headers()["content-length"] ?? Number.NaN));
      }
    });
    await page.goto(new URL(path, server.url).href);
    await page.locator("header").waitFor();
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(BUDGET_BYTES);
  },
);

test("scripts come from files of the server only, and the policy says so", async ({ open }) => {
  await using server = await startTestServer({ jobs });
  const response = await fetch(server.url);
  const policy = response.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self';");
  expect(policy).not.toContain("unsafe");
  expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)/);
  await using opened = await open(server, { path: "/runs" });
  await opened.page.evaluate(
    "document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))",
  );
  expect(await opened.page.evaluate("window.ran")).toBeUndefined();
});

test("browsers keep the files whose names change with their content, and ask again for all others", async () => {
  await using server = await startTestServer({ jobs });
  const kept = async (path: string) => (await fetch(`${server.url}${path}`)).headers.get("cache-control");
  const page = await (await fetch(server.url)).text();
  const [script = "none"] = /assets\/[^"]+\.js/.exec(page) ?? [];
  expect(await kept(`/${script}`)).toBe("public, max-age=31536000, immutable");
  expect(await kept("/theme.js")).toBe("no-cache");
  expect(await kept("/")).toBe("no-store");
});
