import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { measurePair } from "./measure-pair.ts";
import { type Pair, pairs } from "./pairs.ts";

/*
 * `pnpm bench:quick`: has Beckon become slower? Each workload is measured with Beckon and with LIMIT, one right after
 * the other, and their ratio is compared with the committed one, so that a slow machine slows down both.
 *
 * Noise: only a slow moment of Beckon's, or a fast one of LIMIT's, makes a ratio worse than it is; so the best of
 * two rounds counts, a workload that falls short is measured up to three times more, and what then stays below
 * `TOLERANCE` of the baseline is a regression.
 */
const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
const BASELINE = fileURLToPath(new URL("baseline.json", import.meta.url));
const ROUNDS = 2;
const MOST_TRIES = 5;
const TOLERANCE = 0.65;

type Baseline = Readonly<Record<string, number>>;

const folder = await mkdtemp(join(tmpdir(), "beckon-bench-quick-"));
const ratios = new Map<Pair, number[]>(pairs.map((pair) => [pair, []]));
const measure = async (pair: Pair): Promise<void> => void ratios.get(pair)?.push(await measurePair(pair, folder));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function bestOf(pair: Pair): number {
  return Math.max(...(ratios.get(pair) ?? []));
}

async function compare(baseline: Baseline): Promise<void> {
  const isShort = (pair: Pair): boolean => bestOf(pair) < (baseline[pair.name] ?? 0) * TOLERANCE;
  for (let round = ROUNDS; round < MOST_TRIES; round += 1) {
    for (const pair of pairs.filter(isShort)) await measure(pair);
  }
  for (const pair of pairs) {
    const tries = ratios.get(pair)?.length ?? 0;
    say(
      `${isShort(pair) ? "SLOWER" : "  ok  "} ${pair.name.padEnd(34)} ${bestOf(pair).toFixed(2)} of LIMIT, ` +
        `baseline ${(baseline[pair.name] ?? 0).toFixed(2)}, the best of ${tries}`,
    );
  }
  if (pairs.some(isShort)) {
    say(
      `Slower than ${TOLERANCE} of the baseline. Where that is meant: pnpm bench:quick --write, and say why in the commit.`,
    );
    process.exitCode = 1;
  }
}

/** The middle one: a baseline of best ratios would be out of reach. */
function middleOf(pair: Pair): number {
  const sorted = (ratios.get(pair) ?? []).toSorted((one, other) => one - other);
  return Number((sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(3));
}

try {
  for (let round = 0; round < (values.write ? MOST_TRIES : ROUNDS); round += 1) {
    for (const pair of pairs) await measure(pair);
  }
  if (values.write) {
    const baseline = Object.fromEntries(pairs.map((pair) => [pair.name, middleOf(pair)]));
    await writeFile(BASELINE, `${JSON.stringify(baseline, null, 2)}\n`);
    say(JSON.stringify(baseline, null, 2));
  } else await compare(JSON.parse(await readFile(BASELINE, "utf8")) as Baseline);
} finally {
  await rm(folder, { recursive: true, force: true });
}
