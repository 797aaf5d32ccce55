import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Store } from "@beckon/engine";
import { openSqliteStore } from "@beckon/sqlite";
import { finishRuns, openNoopWorker, queueRuns } from "./fill-store.ts";
import { type Spread, spreadOf } from "./median.ts";

/*
 * `pnpm bench:claim`: what one claim costs in a file with a long queue and a long history, against a small
 * one. Rounds of the two alternate; a claim is made alone, so each figure holds its own commit, and in
 * groups of one commit, which shows the statement itself.
 */
const { values } = parseArgs({
  options: { queued: { type: "string", default: "100000" }, finished: { type: "string", default: "1000000" } },
});
const ROUNDS = 15;
const ALONE = 40;
const GROUP = 100;
const NOW = 2_000_000_000_000;

interface Subject {
  readonly name: string;
  readonly store: Store;
  readonly workerId: string;
  readonly alone: number[];
  readonly grouped: number[];
}

const folder = await mkdtemp(join(tmpdir(), "beckon-claim-"));
const perRound = ALONE + GROUP;

async function openSubject(name: string, queued: number, finished: number): Promise<Subject> {
  const store = await openSqliteStore({ path: join(folder, `${name}.db`), durability: "full" });
  const workerId = await openNoopWorker(store);
  await finishRuns(store, workerId, { count: finished, since: NOW - finished });
  await queueRuns(store, queued, NOW);
  return { name, store, workerId, alone: [], grouped: [] };
}

async function measure({ store, workerId, alone, grouped }: Subject): Promise<void> {
  const claim = () => store.claimRuns({ workerId, limit: 1, now: NOW });
  for (let count = 0; count < ALONE; count += 1) {
    const startedAt = performance.now();
    await claim();
    alone.push(performance.now() - startedAt);
  }
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: GROUP }, claim));
  grouped.push((performance.now() - startedAt) / GROUP);
}

const small = await openSubject("small", ROUNDS * perRound + 1, 0);
const large = await openSubject("large", Number(values.queued), Number(values.finished));
for (let round = 0; round < ROUNDS; round += 1) {
  await measure(small);
  await measure(large);
}

const show = ({ median, least, most }: Spread): string =>
  `${median.toFixed(4)} ms (${least.toFixed(4)} to ${most.toFixed(4)})`;
for (const subject of [small, large]) {
  process.stdout.write(
    `${subject.name}: alone ${show(spreadOf(subject.alone))}, grouped ${show(spreadOf(subject.grouped))}\n`,
  );
}
const ratio = (of: "alone" | "grouped"): string => (spreadOf(large[of]).median / spreadOf(small[of]).median).toFixed(2);
process.stdout.write(
  `${values.queued} queued, ${values.finished} finished: ×${ratio("alone")} alone, ×${ratio("grouped")} grouped\n`,
);
await small.store.close();
await large.store.close();
await rm(folder, { recursive: true, force: true });
