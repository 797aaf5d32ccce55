import { readFile } from "node:fs/promises";
import { toWord, type Verdict } from "../judge.ts";
import type { RunFacts } from "./run-facts.ts";
import { toFigure } from "./to-figure.ts";

/** A whole run that a page was of, by what it reached. */
export interface EarlierRun extends Pick<RunFacts, "takenAt" | "commit" | "machine"> {
  /** By the title of the target: the middle of its rounds. */
  readonly reached: Readonly<Record<string, number>>;
}

interface Page {
  readonly facts: RunFacts;
  readonly verdicts: readonly Pick<Verdict, "title" | "reached">[];
  readonly earlier?: readonly EarlierRun[];
}

/** The runs of the pages until here, that of this one the last. None: there is no page yet. */
export async function readEarlierRuns(path: string): Promise<readonly EarlierRun[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return [];
  const { facts, verdicts, earlier = [] } = JSON.parse(text) as Page;
  const { takenAt, commit, machine } = facts;
  const reached = Object.fromEntries(
    verdicts.flatMap((verdict) => (verdict.reached === null ? [] : [[verdict.title, verdict.reached.median]])),
  );
  return [...earlier, { takenAt, commit, machine, reached }];
}

/** What each target came to in the runs of earlier pages: one run is one day of one machine. */
export function toEarlierRuns(earlier: readonly EarlierRun[], verdicts: readonly Verdict[]): readonly string[] {
  if (earlier.length === 0) return [];
  const runs = earlier.map(({ takenAt, commit, machine }) => `1. ${takenAt}, commit ${commit}, ${machine}`);
  const lines = verdicts.map(({ title, wanted, meets }) => {
    const reached = earlier.map((run) => run.reached[title]);
    const known = reached.filter((value) => value !== undefined);
    const cells = reached.map((value) => toEarlierCell(value, meets));
    return `| ${title} | ${wanted} | ${known.filter(meets).length} of ${known.length} | ${cells.join(" | ")} |`;
  });
  const numbers = earlier.map((_run, index) => ` ${index + 1} |`).join("");
  return [
    "## Earlier runs",
    "What the pages before this one said, in their order; what was missed stands in bold. The machines differ, and so does one of " +
      "them from day to day; Beckon, its peers and the way to measure changed as well. So a line tells how far a target is " +
      "from safe, and not who made it better or worse.",
    runs.join("\n"),
    [`| | wanted | ${toWord(true)} |${numbers}`, `|---|---|---|${"---|".repeat(earlier.length)}`, ...lines].join("\n"),
  ];
}

function toEarlierCell(value: number | undefined, meets: Verdict["meets"]): string {
  if (value === undefined) return "–";
  return meets(value) ? toFigure(value) : `**${toFigure(value)}**`;
}
