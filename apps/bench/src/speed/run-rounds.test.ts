import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Plan, runRounds } from "./run-rounds.ts";
import { limits } from "./systems/limits.ts";

async function planOf(signal: AbortSignal): Promise<Plan & { readonly said: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-rounds-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const systems = limits.filter(({ id }) => id.startsWith("limit-commit"));
  return { systems, workloads: ["w1-one"], rounds: 3, services: new Map(), histories: null, folder, say, signal, said };
}

test("interrupted, a run ends the measurement under way and begins no other", async () => {
  const interruption = new AbortController();
  const plan = await planOf(interruption.signal);
  const run = runRounds(plan);
  await expect.poll(() => readdir(plan.folder)).toEqual([expect.stringMatching(/^limit-commit-full-/)]);
  interruption.abort("enough");
  await expect(run).rejects.toBe("enough");
  expect(plan.said).toEqual([expect.stringContaining("ended with SIGKILL")]);
  expect(await readdir(plan.folder)).toEqual([]);
});
