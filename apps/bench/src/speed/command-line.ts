import { parseArgs } from "node:util";
import type { System } from "./systems/system.ts";
import { type WorkloadId, WORKLOADS } from "./workloads/measure-workload.ts";

/** What is asked for on the command line. */
export interface Command {
  readonly rounds: number;
  readonly systems: readonly System[];
  readonly workloads: readonly WorkloadId[];
  /** Every system by every workload. */
  readonly isWhole: boolean;
  /** The same in words, without where it writes. */
  readonly asked: string;
  /** Where the page and its figures are written, without `.md` and `.json`. */
  readonly out: string;
}

/** The words cannot be taken, or ask for help: `message` says all, and the process ends with `exitCode`. */
export interface CommandProblem {
  readonly message: string;
  readonly exitCode: number;
}

/** Where it writes when nobody says: the published page is that of a run in which everything was measured. */
export interface DefaultOut {
  readonly whole: string;
  readonly part: string;
}

const USAGE = `pnpm bench [--rounds N] [--systems LIST] [--workloads LIST] [--out PATH]

Measures Beckon, its peers and what the disk allows, side by side. Three rounds take about an hour. The peers are installed
from npm into apps/bench/peers, and Debian's redis-server where there is none.

  --rounds N        how often each is measured (3)
  --systems LIST    only those whose ids begin so, such as beckon,restate
  --workloads LIST  only those whose ids begin so, such as w1,w5-100
  --out PATH        where to write, without .md and .json (docs/benchmarks; where only
                    some are measured, reports/benchmarks)`;

const OPTIONS = {
  rounds: { type: "string", default: "3" },
  systems: { type: "string", default: "" },
  workloads: { type: "string", default: "" },
  out: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** Reads the command line, without the program. */
export function readCommandLine(
  words: readonly string[],
  { systems, out }: { readonly systems: readonly System[]; readonly out: DefaultOut },
): Command | CommandProblem {
  try {
    const { values } = parseArgs({ args: [...words], options: OPTIONS });
    if (values.help) return { message: USAGE, exitCode: 0 };
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      return refuse(`--rounds ${values.rounds}: give a whole number from 1 on.`);
    const known = systems.map(({ id }) => id);
    const unknown = [
      ...findUnknown("--systems", values.systems, known),
      ...findUnknown("--workloads", values.workloads, WORKLOADS),
    ];
    if (unknown.length > 0) return refuse(unknown.join("\n"));
    const isWhole = values.systems === "" && values.workloads === "";
    return {
      rounds,
      isWhole,
      systems: systems.filter(({ id }) => isChosen(id, values.systems)),
      workloads: WORKLOADS.filter((id) => isChosen(id, values.workloads)),
      asked: [
        `--rounds ${rounds}`,
        ...toWords("--systems", values.systems),
        ...toWords("--workloads", values.workloads),
      ].join(" "),
      out: values.out ?? (isWhole ? out.whole : out.part),
    };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function toWords(option: string, list: string): readonly string[] {
  return list === "" ? [] : [`${option} ${list}`];
}

function refuse(problem: string): CommandProblem {
  return { message: `${problem}\n\n${USAGE}`, exitCode: 2 };
}

/** An empty list means all. */
function isChosen(id: string, list: string): boolean {
  return list === "" || list.split(",").some((beginning) => id.startsWith(beginning));
}

function findUnknown(option: string, list: string, known: readonly string[]): readonly string[] {
  const beginnings = list === "" ? [] : list.split(",");
  return beginnings
    .filter((beginning) => !known.some((id) => id.startsWith(beginning)))
    .map((beginning) => `${option}: none begins with "${beginning}". There are ${known.join(", ")}.`);
}
