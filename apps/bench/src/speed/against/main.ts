import { parseArgs } from "node:util";
import { ROOT } from "../install-peers.ts";
import { toInterruption } from "../interruption.ts";
import { OUR_DRIVER } from "../systems/system.ts";
import { type AlternationRequest, type Drain, DRAINS } from "./alternation.ts";
import { checkOut, type OtherTree } from "./check-out.ts";
import { type Comparison, compare, TOLERANCE } from "./compare.ts";
import { runAlternation } from "./run-alternation.ts";

/*
 * `pnpm bench:against REVISION`: is this tree slower than that one? A ratio to LIMIT hides what is less than a third, and
 * between two processes a machine differs by a tenth. Here drains of both alternate in one process, and several processes do
 * so one after the other, so that a few per cent show. In half of them this tree is opened first, as that counts, too.
 */
const USAGE = `pnpm bench:against REVISION [--processes N] [--rounds N] [--drains LIST]

Compares drains of this tree with those of another revision, such as HEAD~1, at durability "full". Takes about six minutes.

  --processes N   in which each drain is compared, two at the least (6)
  --rounds N      pairs of drains in each of them (6)
  --drains LIST   only those whose names begin so, of: ${DRAINS.map(({ name }) => name).join(", ")}

SLOWER, and exit code 1: it took more than ${TOLERANCE} of the time, and more than twice what that is uncertain by.`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Command {
  readonly revision: string;
  readonly processes: number;
  readonly rounds: number;
  readonly drains: readonly Drain[];
}

async function main({ revision, processes, rounds, drains }: Command): Promise<void> {
  const signal = toInterruption("the rest was not compared.");
  try {
    await using other = await checkOut(revision);
    for (const drain of drains) {
      const measured = [];
      for (let index = 0; index < processes; index += 1) {
        const drivers = index % 2 === 0 ? driversOf(other) : driversOf(other).toReversed();
        measured.push(await runAlternation({ drivers, drain, rounds }, signal));
      }
      tell(drain, other, compare(measured));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 1;
    say(String(signal.reason));
  }
}

function tell({ name }: Drain, { commit }: OtherTree, { kind, share, uncertainty, shares }: Comparison): void {
  if (kind === "slower") process.exitCode = 1;
  const word = kind === "slower" ? "SLOWER" : "  ok  ";
  const each = shares.map((one) => one.toFixed(2)).join(" ");
  say(
    `${word} ${name.padEnd(12)} ${share.toFixed(3)} ± ${(uncertainty - 1).toFixed(3)} of the time of ${commit} (by process: ${each})`,
  );
}

function driversOf({ path }: OtherTree): AlternationRequest["drivers"] {
  return [
    { side: "here", path: OUR_DRIVER },
    { side: "there", path: OUR_DRIVER.replace(ROOT, `${path}/`) },
  ];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    processes: { type: "string", default: "6" },
    rounds: { type: "string", default: "6" },
    drains: { type: "string", default: "" },
    help: { type: "boolean" },
  },
});
const [revision] = positionals;
const [processes, rounds] = [Number(values.processes), Number(values.rounds)];
const drains = DRAINS.filter(({ name }) => values.drains.split(",").some((beginning) => name.startsWith(beginning)));
const areCounts = Number.isInteger(processes) && processes > 1 && Number.isInteger(rounds) && rounds > 0;
const isAsked = revision !== undefined && areCounts && drains.length > 0;
if (values.help !== true && isAsked) await main({ revision, processes, rounds, drains });
else {
  process.exitCode = values.help === true ? 0 : 2;
  say(USAGE);
}
