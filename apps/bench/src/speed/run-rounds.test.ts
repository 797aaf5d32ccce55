import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type Plan, runRounds, toTurns } from "./run-rounds.ts";
import { limits } from "./systems/limits.ts";

async function planOf(signal: AbortSignal): Promise<Plan & { readonly said: readonly string[] }> {
  const folder = await mkdtemp(join(tmpdir(), "beckon-rounds-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  const systems = limits.filter(({ id }) => id.startsWith("limit-commit"));
  return { systems, workloads: ["w1-one"], rounds: 3, services: new Map(), histories: null, folder, say, signal, said };
}

/** Who comes right after whom in a round. */
const pairsOf = (round: number): readonly string[] => {
  const names = toTurns(["w1-one", "w6-one"], limits, round).map(({ system, workload }) => `${system.id} ${workload}`);
  return names.slice(1).map((name, index) => `${names[index]} > ${name}`);
};

test("each round has all of them, and none follows the same neighbour in every round", () => {
  const everyPair = [0, 1, 2].map(pairsOf);
  const [first = [], ...others] = everyPair;
  for (const pairs of others) expect(pairs).toHaveLength(first.length);
  expect(first.filter((pair) => others.every((pairs) => pairs.includes(pair)))).toEqual([]);
});

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
