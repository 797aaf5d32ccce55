import { startTestServer } from "@beckon/server/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { test as base } from "vitest";
import { launchBrowser } from "./browser.ts";
import { type Trouble, watchTrouble } from "./trouble.ts";

interface OpenOptions extends Pick<BrowserContextOptions, "colorScheme" | "timezoneId" | "viewport"> {
  readonly path?: string;
}

/** A page of a dashboard, and what went wrong in it unasked. */
export interface OpenedPage extends AsyncDisposable {
  readonly page: Page;
  readonly trouble: Trouble;
}

interface Fixtures {
  /** One for all tests of a file: each opens pages that share nothing. */
  readonly browser: Browser;
  /** Opens a page of a server; leaving the block closes it. */
  readonly open: (server: { readonly url: string }, options?: OpenOptions) => Promise<OpenedPage>;
}

/** How long a page may take to show what a test waits for. */
const PATIENCE_MS = 8_000;

/** A test in a real browser. */
export const test = base.extend<Fixtures>({
  browser: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads from the pattern which fixtures this one needs
    async ({}, use) => {
      const browser = await launchBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  open: async ({ browser }, use) => {
    await use(async (server, { path = "/", ...options } = {}) => {
      const context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      await context.grantPermissions(["clipboard-read", "clipboard-write"]);
      // What a test answers in the server's place passes by here from the first request on. Where that begins on a page that is
      // open, the next requests may go past it unseen.
      await context.route("**/*", (route) => route.continue());
      const page = await context.newPage();
      const trouble = watchTrouble(page, server.url);
      await page.goto(new URL(path, server.url).href);
      return { page, trouble, [Symbol.asyncDispose]: () => context.close() };
    });
  },
});

export { startTestServer };
