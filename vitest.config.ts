import { defineConfig } from "vitest/config";

// Workspace packages resolve to their sources, in the tests and in the processes that tests start.
const conditions = ["@beckon/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: [
      "packages/*/src/**/*.test.{ts,tsx}",
      "apps/*/**/*.test.{ts,tsx}",
      "tests/**/*.test.ts",
      "lint/**/*.test.ts",
    ],
    reporters: ["default", ["json", { outputFile: "reports/vitest.json" }]],
    execArgv: ["--conditions=@beckon/source"],
    passWithNoTests: false,
    allowOnly: false,
    testTimeout: 15_000,
  },
});
