import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { toInterruption } from "../interruption.ts";
import { type Baseline, baselineOf, judgePair, TOLERANCE, toRatio, type Try } from "./judge-pair.ts";
import { measurePair } from "./measure-pair.ts";
import { type Pair, pairs } from "./pairs.ts";

/*
 * `pnpm bench:quick`: has Beckon become slower? Each workload is measured with Beckon and with LIMIT, one right after
 * the other; the ratio of the middles of their tries is compared with the committed one, so that a slow machine slows down
 * both. Every pair is tried twice, and one that then falls short until it has five tries, of which two may be disturbed.
 *
 * It detects that a workload takes half as long again as when the baseline was taken, and more: a commit, a statement
 * or a scan too many for each run. It does not detect
 * - less than that: a little with every change adds up unseen, and is accepted by the next `--write`. `bench:against` sees it;
 * - what slows down LIMIT as well: the disk, Node, SQLite and its driver;
 * - what only `pnpm bench` measures: HTTP, histories, memory, the slowest of a hundred calls.
 * An "ok" of two tries is weaker than a "SLOWER" of five: LIMIT's slow moment in one of two moves the middle.
 */
const BASELINE = fileURLToPath(new URL("baseline.json", import.meta.url));
const FIRST_TRIES = 2;
const MOST_TRIES = 5;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Tries = ReadonlyMap<Pair, Try[]>;
type Measure = (pairs: readonly Pair[], count: number) => Promise<Tries>;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const signal = toInterruption("nothing was compared or written.");
  const folder = await mkdtemp(join(tmpdir(), "beckon-bench-quick-"));
  const tries: Tries = new Map(pairs.map((pair) => [pair, []]));
  /** Round by round, so that what the machine does for a while meets several pairs a little, and none alone. */
  const measure: Measure = async (chosen, count) => {
    for (let round = 0; round < count; round += 1)
      for (const pair of chosen) tries.get(pair)?.push(await measurePair(pair, { folder, signal }));
    return tries;
  };
  try {
    await (values.write ? writeBaseline(measure) : compare(measure));
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 1;
    say(String(signal.reason));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(measure: Measure): Promise<void> {
  const baseline = JSON.parse(await readFile(BASELINE, "utf8")) as Baseline;
  // A pair that has none is told of before minutes are spent on the others.
  for (const pair of pairs) baselineOf(pair, baseline);
  const tries = await measure(pairs, FIRST_TRIES);
  const judge = (pair: Pair) => judgePair(pair, tries.get(pair) ?? [], baseline);
  const isSlower = (pair: Pair): boolean => judge(pair).kind === "slower";
  await measure(pairs.filter(isSlower), MOST_TRIES - FIRST_TRIES);
  for (const pair of pairs) {
    const { kind, ratio, baseline: committed } = judge(pair);
    say(
      `${kind === "slower" ? "SLOWER" : "  ok  "} ${pair.name.padEnd(34)} ${ratio.toFixed(2)} of LIMIT, ` +
        `baseline ${committed.toFixed(2)}, the middle of ${tries.get(pair)?.length}`,
    );
  }
  if (!pairs.some(isSlower)) return;
  say(
    `Slower than ${TOLERANCE} of the baseline. Where that is meant: pnpm bench:quick --write, and say why in the commit.`,
  );
  process.exitCode = 1;
}

async function writeBaseline(measure: Measure): Promise<void> {
  const tries = await measure(pairs, MOST_TRIES);
  const ratios = [...tries].map(([pair, own]) => [pair.name, Number(toRatio(pair, own).toFixed(3))] as const);
  const text = `${JSON.stringify(Object.fromEntries(ratios), null, 2)}\n`;
  await writeFile(BASELINE, text);
  say(text.trimEnd());
}

await main();
