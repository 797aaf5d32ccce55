import type { Page } from "playwright-core";

/** What no page may do, whatever the test is about. */
export interface Trouble {
  /** Requests to anywhere but the server. */
  readonly foreignRequests: readonly string[];
  /** Errors of scripts, and what the page's policy refused. */
  readonly errors: readonly string[];
}

export function watchTrouble(page: Page, url: string): Trouble {
  const foreignRequests: string[] = [];
  const errors: string[] = [];
  const { origin } = new URL(url);
  page.on("request", (request) => {
    const target = request.url();
    if (!target.startsWith(origin) && !/^(data|blob|about):/.test(target)) foreignRequests.push(target);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    // The browser's own line about a refused or failed request is no error of the page.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource"))
      errors.push(message.text());
  });
  return { foreignRequests, errors };
}
