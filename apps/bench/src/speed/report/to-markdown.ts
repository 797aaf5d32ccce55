import { toWord, type Verdict } from "../judge.ts";
import { findResult, type Result, spreadIn } from "../results.ts";
import { ALL_COUNTS, type ServiceId, type System } from "../systems/system.ts";
import type { WorkloadId } from "../workloads/measure-workload.ts";
import { WORKLOAD_TITLES } from "../workloads/titles.ts";
import { type EarlierRun, toEarlierRuns } from "./earlier-runs.ts";
import type { RunFacts } from "./run-facts.ts";
import { toFigure } from "./to-figure.ts";

export interface Report {
  readonly facts: RunFacts;
  readonly systems: readonly System[];
  readonly workloads: readonly WorkloadId[];
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  /** What could not be measured at all, and why. */
  readonly missing: readonly string[];
  /** The oldest first. */
  readonly earlier: readonly EarlierRun[];
}

/** The whole report as a page. */
export function toMarkdown(report: Report): string {
  const { facts } = report;
  return [
    "# Benchmarks",
    `Taken on ${facts.takenAt} of commit ${facts.commit} with \`${facts.command}\` on ${facts.machine}. ${facts.rounds} rounds, the systems interleaved, ` +
      "each measurement in a process of its own; medians, in brackets the least and the most. Everything ran on one " +
      "machine and its loopback.",
    RULES,
    "## Beckon against its targets",
    toTargetTable(report.verdicts),
    ...toShortfalls(report.verdicts),
    ...report.workloads.map((workload) => toWorkloadSection(workload, report)),
    "## What was measured",
    toSystemTable(report),
    "## What was not",
    ...toMissing(report),
    ...toEarlierRuns(report.earlier, report.verdicts),
    "",
  ].join("\n\n");
}

const RULES = `How it is measured:

- The clock of a drain starts when the first job begins, and stops when the store has the last one as finished, not the process.
- Every enqueue is awaited until it is acknowledged, at the durability that the line states. *After a kill* and *after a power cut* say what is left of acknowledged work; these words come from each system's documentation and settings, not from a measurement. Beckon's own are tested by killing it.
- In a drain a system may claim more than it executes, and commit the ends of many together: those whose end was not yet committed are executed again after a kill. “What was measured” says who does.
- Each system has its best documented configuration (“What was measured” says which); “at its defaults” means its first page's.
- Every system is warmed up by the work that is measured, until that has taken a second and ten thousand calls, but for four seconds at the most; for W7 always four, and for W8 not at all. What is asked is how fast a server is that has been up for a while.
- Each measurement is a process of its own on an empty database, but for W6 and for Restate, whose one server keeps what earlier measurements left. While a system is measured, the servers that the others need are halted; its own has been going for a moment before.
- What a target compares is measured within minutes, and each round has a ratio of its own: the middle one counts, in brackets the least and the most. A round in which one of them failed counts for nothing.
- The order changes from round to round, and every other round goes backwards.
- A drain, and a pass of W2, that takes less than two seconds is done up to five times, and the middle counts. What the last measurement left to be written is on disk before the next begins, and the files of W6 are copied before a round does. The start of a process is the middle of five.
- LIMIT is a yardstick, and no product: one table, written to by hand through better-sqlite3, committed as the line says. It claims as many jobs as it executes. Who puts more into one commit can pass it.`;

function toTargetTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ title, wanted, reached, isMet, rounds }) => {
    const word = isMet === false ? `**${toWord(isMet)}**` : toWord(isMet);
    return `| ${title} | ${wanted} | ${toReached(reached)} | ${rounds.met} of ${rounds.compared} | ${word} |`;
  });
  return ["| | wanted | reached | rounds that meet it | |", "|---|---|---|---|---|", ...lines].join("\n");
}

function toShortfalls(verdicts: readonly Verdict[]): readonly string[] {
  const lines = verdicts
    .filter(({ isMet }) => isMet === false)
    .map(({ title, shortfall }) => `- **${title}.** ${shortfall ?? "Not profiled yet."}`);
  return lines.length === 0 ? [] : ["What was missed, where the time goes, and what it would take:", lines.join("\n")];
}

/** The middle of the rounds, and their ends. */
export function toReached(reached: Verdict["reached"]): string {
  if (reached === null) return "–";
  return toCell(reached);
}

function toWorkloadSection(workload: WorkloadId, report: Report): string {
  const [title, lead] = WORKLOAD_TITLES[workload];
  const rows = rankRows(workload, report);
  const figures = [...new Set(rows.flatMap(({ result }) => result.rounds.flatMap((round) => Object.keys(round))))];
  const head = `| | ${figures.join(" | ")} | after a kill | after a power cut |\n|---|${"---|".repeat(figures.length)}---|---|`;
  const lines = rows.map(({ system, result }) => {
    const name = system.kind === "ours" ? `**${system.title}**` : system.title;
    const cells = figures.map((figure) => toCell(spreadIn(result, figure)));
    return `| ${name} | ${cells.join(" | ")} | ${system.durability.afterKill} | ${system.durability.afterPowerCut} |`;
  });
  return [`## ${title}`, lead, [head, ...lines].join("\n"), toStanding(rows)]
    .filter((part) => part !== "")
    .join("\n\n");
}

interface Row {
  readonly system: System;
  readonly result: Result;
}

/** The best first. */
function rankRows(workload: WorkloadId, { systems, results }: Report): readonly Row[] {
  const rows = systems.flatMap((system) => {
    const result = findResult(results, system.id, workload);
    return result === undefined || result.rounds.length === result.problems.length ? [] : [{ system, result }];
  });
  const figure = rows[0]?.result.rounds.flatMap((round) => Object.keys(round))[0] ?? "";
  const direction = isBetterWhenLess(figure) ? 1 : -1;
  const valueOf = ({ result }: Row): number => spreadIn(result, figure)?.median ?? 0;
  return rows.toSorted((one, other) => direction * (valueOf(one) - valueOf(other)));
}

function isBetterWhenLess(figure: string): boolean {
  return figure.endsWith(" ms") || figure.endsWith(" MiB") || figure === "packages";
}

/** Where another than LIMIT is ahead of Beckon as it comes, the page says so. */
function toStanding(rows: readonly Row[]): string {
  const others = rows.filter(({ system }) => system.id === "beckon" || ["peer", "bare"].includes(system.kind));
  const place = others.findIndex(({ system }) => system.id === "beckon");
  if (place <= 0) return "";
  const ahead = others.slice(0, place).map(({ system }) => system.title);
  return `Beckon at its default durability is not first here: ahead of it ${ahead.length === 1 ? "is" : "are"} ${ahead.join("; ")}.`;
}

function toCell(spread: ReturnType<typeof spreadIn>): string {
  if (spread === null) return "–";
  return `${toFigure(spread.median)} (${toFigure(spread.least)}–${toFigure(spread.most)})`;
}

const SERVICE_NAMES: Readonly<Record<ServiceId, string>> = {
  "redis-everysec": "Debian's Redis",
  "redis-always": "Debian's Redis",
  postgres: "PostgreSQL",
  restate: "restate-server",
};

function toSystemTable({ systems, facts }: Report): string {
  const lines = systems.map((system) => `| ${system.title} | ${toVersions(system, facts)} | ${toSetUp(system)} |`);
  return ["| | versions | set-up |", "|---|---|---|", ...lines].join("\n");
}

function toVersions({ kind, packageName, service }: System, { commit, versions }: RunFacts): string {
  if (kind === "ours") return `commit ${commit}`;
  const used = [
    ...(packageName === null ? [] : [`${packageName} ${versions[packageName] ?? ""}`]),
    ...(service === null ? [] : [`${SERVICE_NAMES[service]} ${versions[service] ?? ""}`]),
  ];
  return used.join(", ");
}

function toSetUp({ setUp, drainCounts: { alone, together } }: System): string {
  if (alone === ALL_COUNTS.alone && together === ALL_COUNTS.together) return setUp;
  return `${setUp}; in W3 it drains ${alone} jobs at 1, and ${together.toLocaleString("en-US")} at 10 and 100`;
}

function toMissing({ results, systems, missing }: Report): readonly string[] {
  const titles = new Map(systems.map(({ id, title }) => [id, title]));
  const failures = results
    .filter(({ problems }) => problems.length > 0)
    .map(
      ({ systemId, workload, rounds, problems }) =>
        `${titles.get(systemId) ?? systemId}, ${WORKLOAD_TITLES[workload][0]}: ${problems.length} of ` +
        `${rounds.length} rounds failed: ${problems[0]?.split("\n")[0] ?? ""}`,
    );
  const all = [...missing, ...failures];
  return [
    all.length === 0 ? "Nothing that was meant to be measured is missing." : all.map((line) => `- ${line}`).join("\n"),
  ];
}
