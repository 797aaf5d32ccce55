import { expect, test } from "vitest";
import { drawSeed } from "./plan-kills.ts";
import { runChaos } from "./run-chaos.ts";

// The small version of `pnpm chaos`: real servers, real kills.
test(
  "B33 servers killed under load lose no run, settle none twice and repeat no finished step",
  { timeout: 90_000 },
  async () => {
    const seed = drawSeed();
    const report = await runChaos({ kills: 3, servers: 2, callers: 4, seed });
    expect(report.findings, `chaos --kills 3 --servers 2 --callers 4 --seed ${seed}`).toEqual([]);
    expect(report.acknowledged).toBe(report.sent);
    expect(report.runs).toBeGreaterThanOrEqual(report.acknowledged);
  },
);
