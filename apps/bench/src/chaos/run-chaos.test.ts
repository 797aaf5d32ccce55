import { expect, test } from "vitest";
import { runChaos } from "./run-chaos.ts";

// The small version of `pnpm chaos`: real servers, real kills.
test(
  "B33 servers killed under load lose no run, settle none twice and repeat no finished step",
  { timeout: 90_000 },
  async () => {
    const report = await runChaos({ kills: 3, servers: 2, callers: 4, random: Math.random });
    expect(report.findings).toEqual([]);
    expect(report.acknowledged).toBe(report.sent);
    expect(report.runs).toBeGreaterThanOrEqual(report.acknowledged);
  },
);
