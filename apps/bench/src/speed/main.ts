import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Command, readCommandLine } from "./command-line.ts";
import { prepareHistories } from "./history/prepare-histories.ts";
import { buildPackages, installPeers, readVersion } from "./install-peers.ts";
import { toInterruption } from "./interruption.ts";
import { judge, toWord } from "./judge.ts";
import { readEarlierRuns } from "./report/earlier-runs.ts";
import { describeCommit, describeMachine, refuseMemoryDisk } from "./report/run-facts.ts";
import { type Report, toMarkdown, toReached } from "./report/to-markdown.ts";
import type { Results } from "./results.ts";
import { runRounds } from "./run-rounds.ts";
import { refuseUnhaltable } from "./services/halt.ts";
import { type StartedService, startServices, stopServices } from "./services/start-services.ts";
import { limits } from "./systems/limits.ts";
import { NOT_RUN } from "./systems/not-run.ts";
import { ours } from "./systems/ours.ts";
import { peers } from "./systems/peers.ts";
import type { ServiceId, System } from "./systems/system.ts";
import { targets } from "./targets.ts";

/*
 * `pnpm bench`: Beckon, its peers and what the disk allows, side by side. Installs the peers, starts the services
 * they need, measures every workload with every system in interleaved rounds, and writes a page and its figures.
 */
const ROOT = fileURLToPath(new URL("../../../../", import.meta.url));
const OUT = { whole: join(ROOT, "docs", "benchmarks"), part: join(ROOT, "reports", "benchmarks") };
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function main({ rounds, systems: chosen, workloads, isWhole, out, asked }: Command): Promise<void> {
  await refuseMemoryDisk(tmpdir());
  refuseUnhaltable();
  const commit = describeCommit(ROOT);
  const problems = tryToInstallPeers();
  const systems = problems.length === 0 ? chosen : chosen.filter((system) => !peers.includes(system));
  // The measurement under way ends, and only then the services: measuring would halt what is to stop.
  const signal = toInterruption("nothing was written.");
  const folder = await mkdtemp(join(tmpdir(), "beckon-bench-"));
  // PostgreSQL refuses to be root: started by root, it works below here as another user.
  await chmod(folder, 0o711);
  const measured = systems.filter((system) => workloads.some((workload) => system.workloads.includes(workload)));
  const needed = new Set(measured.flatMap(({ service }) => service ?? []));
  const services = await startServices(needed, folder);
  try {
    const histories = workloads.some((id) => id.startsWith("w6")) ? await prepareHistories(folder, signal) : null;
    if (workloads.includes("w8")) buildPackages();
    const results = await runRounds({ systems, workloads, rounds, services, histories, folder, say, signal });
    const missing = [...problems, ...NOT_RUN];
    const took = { rounds, systems, workloads, results, services, missing, commit, asked, isWhole };
    await write(await toReport(took), out);
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 1;
    say(String(signal.reason));
  } finally {
    try {
      await stopServices(services);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Without the peers the rest is measured all the same. */
function tryToInstallPeers(): readonly string[] {
  try {
    installPeers();
    return [];
  } catch (error) {
    return [
      `No peer was measured: installing them failed (${error instanceof Error ? error.message : String(error)}).`,
    ];
  }
}

interface Measured extends Pick<Report, "systems" | "workloads" | "missing"> {
  readonly rounds: number;
  readonly isWhole: boolean;
  readonly asked: string;
  /** As it was before the first measurement: each reads the sources anew. */
  readonly commit: string;
  readonly results: Results;
  readonly services: ReadonlyMap<ServiceId, StartedService>;
}

async function toReport({
  rounds,
  isWhole,
  asked,
  commit,
  systems,
  workloads,
  results,
  services,
  missing,
}: Measured): Promise<Report> {
  const all = results.all();
  return {
    facts: {
      takenAt: new Date().toISOString().slice(0, 10),
      command: `pnpm bench ${asked}`,
      machine: await describeMachine(tmpdir()),
      commit: describeCommit(ROOT) === commit ? commit : `${commit}, changed during the run`,
      rounds,
      versions: readVersions(systems, services),
    },
    systems,
    workloads,
    results: all,
    verdicts: targets.filter(({ workload }) => workloads.includes(workload)).map((target) => judge(target, all)),
    missing,
    earlier: isWhole ? await readEarlierRuns(`${OUT.whole}.json`) : [],
  };
}

function readVersions(
  systems: readonly System[],
  services: ReadonlyMap<ServiceId, StartedService>,
): Readonly<Record<string, string>> {
  const packages = systems.flatMap(({ packageName }) =>
    packageName === null ? [] : [[packageName, readVersion(packageName)]],
  );
  const started = [...services].flatMap(([id, service]) => ("version" in service ? [[id, service.version]] : []));
  return Object.fromEntries([...packages, ...started]) as Readonly<Record<string, string>>;
}

async function write(report: Report, out: string): Promise<void> {
  const { facts, systems, results, verdicts, missing, earlier } = report;
  const figures = {
    facts,
    systems: systems.map(({ driver: _driver, ...system }) => system),
    results,
    verdicts,
    missing,
    ...(earlier.length > 0 && { earlier }),
  };
  await mkdir(dirname(out), { recursive: true });
  await writeFile(`${out}.md`, toMarkdown(report));
  await writeFile(`${out}.json`, `${JSON.stringify(figures, null, 2)}\n`);
  for (const { title, wanted, reached, isMet } of verdicts)
    say(`${toWord(isMet).padEnd(12)} ${title}: ${wanted}, reached ${toReached(reached)}`);
  say(`Written to ${out}.md and .json`);
}

const command = readCommandLine(process.argv.slice(2), { systems: [...limits, ...ours, ...peers], out: OUT });
if ("message" in command) {
  process.exitCode = command.exitCode;
  say(command.message);
} else await main(command);
