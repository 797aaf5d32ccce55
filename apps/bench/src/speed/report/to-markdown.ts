import { findResult, type Result, spreadIn } from "../results.ts";
import type { System } from "../systems/system.ts";
import { toWord, type Verdict } from "../targets.ts";
import type { WorkloadId } from "../workloads/measure-workload.ts";
import { WORKLOAD_TITLES } from "../workloads/titles.ts";
import type { RunFacts } from "./run-facts.ts";

export interface Report {
  readonly facts: RunFacts;
  readonly systems: readonly System[];
  readonly workloads: readonly WorkloadId[];
  readonly results: readonly Result[];
  readonly verdicts: readonly Verdict[];
  /** What could not be measured at all, and why. */
  readonly missing: readonly string[];
}

/** The whole report as a page. */
export function toMarkdown(report: Report): string {
  const { facts } = report;
  return [
    "# Benchmarks",
    `Taken on ${facts.takenAt} with \`${facts.command}\` on ${facts.machine}. ${facts.rounds} rounds, the systems interleaved, ` +
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
    "",
  ].join("\n\n");
}

const RULES = `How it is measured:

- The clock of a drain stops when the store, asked from outside of the workers, has the last job as finished.
- Every system is warmed up by the work that is measured, for a second, over HTTP for four: what is asked is how fast a server is that has been up for a while. V8 compiles in steps, the last of them after ten thousand calls.
- While a system is measured, the servers that the others need are halted.
- What a target compares is measured within minutes, and each round has a ratio of its own: the middle one counts, in brackets the least and the most.
- A system that drains in less than two seconds drains up to five times, and the middle counts. What the last measurement left to be written is on disk before the next begins, and the files of W6 are copied before a round does. The start of a process is the middle of five.
- Every enqueue is awaited until it is acknowledged, at the durability that the line states.
- Each system has its best documented configuration (“What was measured” says which); “at its defaults” means its first page's.
- *After a kill* and *after a power cut* say what is left of acknowledged work.
- LIMIT is no product: it is the least that a queue on SQLite can do, to show what the disk allows.`;

function toTargetTable(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ title, wanted, reached, isMet }) => {
    return `| ${title} | ${wanted} | ${toReached(reached)} | ${toWord(isMet)} |`;
  });
  return ["| | wanted | reached | |", "|---|---|---|---|", ...lines].join("\n");
}

function toShortfalls(verdicts: readonly Verdict[]): readonly string[] {
  const lines = verdicts.flatMap(({ title, shortfall }) =>
    shortfall === null ? [] : [`- **${title}.** ${shortfall}`],
  );
  return lines.length === 0 ? [] : ["What was missed, where the time goes, and what it would take:", lines.join("\n")];
}

/** The middle of the rounds, and their ends. */
export function toReached(reached: Verdict["reached"]): string {
  if (reached === null) return "–";
  return `${reached.median.toFixed(2)} (${reached.least.toFixed(2)}–${reached.most.toFixed(2)})`;
}

function toWorkloadSection(workload: WorkloadId, report: Report): string {
  const [title, lead] = WORKLOAD_TITLES[workload];
  const rows = rankRows(workload, report);
  const figures = [...new Set(rows.flatMap(({ result }) => result.rounds.flatMap((round) => Object.keys(round))))];
  const head = `| | ${figures.join(" | ")} | after a kill | after a power cut |\n|---|${"---|".repeat(figures.length)}---|---|`;
  const lines = rows.map(({ system, result }) => {
    const name = system.id.startsWith("beckon") ? `**${system.title}**` : system.title;
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

/** Where Beckon is not first among the products, the page says so. */
function toStanding(rows: readonly Row[]): string {
  const products = rows.filter(({ system }) => !system.id.startsWith("limit"));
  const place = products.findIndex(({ system }) => system.id === "beckon");
  if (place <= 0) return "";
  const ahead = products.slice(0, place).map(({ system }) => system.title);
  return `Beckon at its default durability is not first here: ahead of it ${ahead.length === 1 ? "is" : "are"} ${ahead.join("; ")}.`;
}

function toCell(spread: ReturnType<typeof spreadIn>): string {
  if (spread === null) return "–";
  return `${toFigure(spread.median)} (${toFigure(spread.least)}–${toFigure(spread.most)})`;
}

function toFigure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function toSystemTable({ systems, facts }: Report): string {
  const lines = systems.map(
    ({ title, packageName, service, setUp }) =>
      `| ${title} | ${[packageName, service].flatMap((name) => (name === null ? [] : `${name} ${facts.versions[name] ?? ""}`)).join(", ")} | ${setUp} |`,
  );
  return ["| | versions | set-up |", "|---|---|---|", ...lines].join("\n");
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
