import { defaultClientConditions, defaultServerConditions } from "vite";
import { defineConfig } from "vitest/config";

const source = "@beckon/source";

export default defineConfig({
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: { resolve: { conditions: [source, ...defaultServerConditions] } },
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "apps/*/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    execArgv: [`--conditions=${source}`],
  },
});
