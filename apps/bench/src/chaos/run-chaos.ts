import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Store } from "@beckon/engine";
import { checkIntegrity, openSqliteStore } from "@beckon/sqlite";
import { type Audit, audit } from "./audit.ts";
import { Journal } from "./journal.ts";
import { Load } from "./load.ts";
import { planKills } from "./plan-kills.ts";
import { ChaosServer } from "./servers.ts";

export interface ChaosOptions {
  readonly kills: number;
  /** Server processes on one file. */
  readonly servers: number;
  /** Callers side by side. */
  readonly callers: number;
  /** Decides which server is killed, and when. */
  readonly seed: number;
  readonly onKill?: (kill: number) => void;
}

export interface ChaosReport extends Audit {
  readonly sent: number;
  readonly acknowledged: number;
  readonly seconds: number;
}

/** After the last kill unfinished runs get as long as some of them finish; this long without one, and they are stuck. */
const PATIENCE_MS = 20_000;

/** Real server processes under load, killed at random moments and started again; then the audit of their file. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const startedAt = performance.now();
  const folder = await mkdtemp(join(tmpdir(), "beckon-chaos-"));
  const journalPath = join(folder, "journal.jsonl");
  const files = { database: join(folder, "chaos.db"), journalPath, journal: new Journal(journalPath) };
  const servers = Array.from({ length: options.servers }, () => new ChaosServer(files));
  const load = new Load(servers);
  try {
    await Promise.all(servers.map((server) => server.start()));
    const callers = Array.from({ length: options.callers }, () => load.keepCalling());
    await killAgainAndAgain(servers, options);
    load.stop();
    await Promise.all(callers);
    await untilFinished(files.database);
    await Promise.all(servers.map((server) => server.kill()));
    const report = await examine(files.database, files.journal, load);
    return {
      ...report,
      sent: load.sent,
      acknowledged: load.acknowledged.size,
      seconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    load.stop();
    await Promise.all(servers.map((server) => server.kill()));
    await rm(folder, { recursive: true, force: true });
  }
}

async function killAgainAndAgain(
  servers: readonly ChaosServer[],
  { seed, onKill, ...counts }: ChaosOptions,
): Promise<void> {
  for (const [index, { pauseMs, victim }] of planKills(seed, counts).entries()) {
    await pause(pauseMs);
    await servers[victim]?.kill();
    await servers[victim]?.start();
    onKill?.(index + 1);
  }
}

async function untilFinished(database: string): Promise<void> {
  const store = await openSqliteStore({ path: database });
  try {
    let fewest = Number.POSITIVE_INFINITY;
    let deadline = performance.now() + PATIENCE_MS;
    while (fewest > 0 && performance.now() < deadline) {
      const live = await countLive(store);
      if (live < fewest) deadline = performance.now() + PATIENCE_MS;
      fewest = Math.min(fewest, live);
      await pause(100);
    }
  } finally {
    await store.close();
  }
}

async function countLive(store: Store): Promise<number> {
  const counts = (await store.listJobFacts()).flatMap(({ live }) => Object.values(live));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function examine(database: string, journal: Journal, load: Load): Promise<Audit> {
  const problems = checkIntegrity(database);
  const store = await openSqliteStore({ path: database });
  try {
    const result = await audit({ store, journal: journal.read(), acknowledged: load.acknowledged });
    return { ...result, findings: [...result.findings, ...problems] };
  } finally {
    await store.close();
  }
}
