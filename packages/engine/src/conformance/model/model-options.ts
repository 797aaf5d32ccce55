import type { ModelOptions } from "./check-model.ts";

/** Few enough for every test run, which plays the same histories each time. */
const COMMANDS_IN_TESTS = 1_500;
const SEED_IN_TESTS = 1;

/**
 * How much is played: `MODEL_COMMANDS` (as the command `pnpm model` sets it) from a new seed each time, or from
 * `MODEL_SEED`, which plays a reported failure again.
 */
export function readModelOptions(environment: Readonly<Record<string, string | undefined>>): ModelOptions {
  const { MODEL_COMMANDS: commands, MODEL_SEED: seed } = environment;
  if (commands === undefined) return { commands: COMMANDS_IN_TESTS, seed: SEED_IN_TESTS };
  return { commands: Number(commands), seed: seed === undefined ? newSeed() : Number(seed) };
}

function newSeed(): number {
  return (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) % 1_000_000_000;
}
