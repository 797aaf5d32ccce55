import { configDefaults, defineConfig } from "vitest/config";

// Workspace packages resolve to their sources, in the tests and in the processes that tests start.
const conditions = ["@beckon/source", "module", "node", "development|production"];

/** Tests that drive a browser: they want the dashboard built first. */
const PAGES = "apps/dashboard/e2e/**/*.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    // tRPC's own client reads subscriptions by the EventSource that browsers have.
    execArgv: ["--conditions=@beckon/source", "--experimental-eventsource"],
    // Many tests wait for processes, browsers and disks: three at a time keep two processors busy.
    maxWorkers: 3,
    // So on a busy machine what is waited for comes when it comes: a second, the default, is too short.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    expect: { poll: { timeout: 15_000 } },
    passWithNoTests: false,
    allowOnly: false,
    projects: [
      {
        extends: true,
        test: {
          name: "code",
          include: [
            "packages/*/src/**/*.test.{ts,tsx}",
            "apps/*/**/*.test.{ts,tsx}",
            "tests/**/*.test.ts",
            "lint/**/*.test.ts",
          ],
          exclude: [...configDefaults.exclude, PAGES],
        },
      },
      {
        extends: true,
        test: {
          name: "pages",
          include: [PAGES],
          globalSetup: ["apps/dashboard/e2e/world/prepare.ts"],
        },
      },
    ],
  },
});
