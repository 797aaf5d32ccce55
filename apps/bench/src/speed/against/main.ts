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
 * between two processes a machine differs by a tenth. Here drains of both alternate in one process, so that a few per cent show.
 * It goes in two orders, because which tree was opened first counts, too.
 */
const USAGE = `pnpm bench:against REVISION [--rounds N] [--drains LIST]

Compares drains of this tree with those of another revision, such as HEAD~1, at durability "full". Takes about six minutes.

  --rounds N      pairs of drains in each of two orders (20)
  --drains LIST   only those whose names begin so, of: ${DRAINS.map(({ name }) => name).join(", ")}

SLOWER, and exit code 1: it took more than ${TOLERANCE} of the time in both orders.`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Command {
  readonly revision: string;
  readonly rounds: number;
  readonly drains: readonly Drain[];
}

async function main({ revision, rounds, drains }: Command): Promise<void> {
  const signal = toInterruption("the rest was not compared.");
  try {
    await using other = await checkOut(revision);
    for (const drain of drains) {
      const orders = [];
      for (const drivers of toOrders(other)) orders.push(await runAlternation({ drivers, drain, rounds }, signal));
      tell(drain, other, compare(orders));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = 1;
    say(String(signal.reason));
  }
}

function tell({ name }: Drain, { commit }: OtherTree, { kind, share, shares }: Comparison): void {
  if (kind === "slower") process.exitCode = 1;
  const word = kind === "slower" ? "SLOWER" : "  ok  ";
  const [first, second] = shares.map((each) => each.toFixed(2));
  say(
    `${word} ${name.padEnd(12)} ${share.toFixed(2)} of the time of ${commit} (opened before it ${first}, after it ${second})`,
  );
}

function toOrders({ path }: OtherTree): readonly AlternationRequest["drivers"][] {
  const here = { side: "here", path: OUR_DRIVER } as const;
  const there = { side: "there", path: OUR_DRIVER.replace(ROOT, `${path}/`) } as const;
  return [
    [here, there],
    [there, here],
  ];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "20" },
    drains: { type: "string", default: "" },
    help: { type: "boolean" },
  },
});
const [revision] = positionals;
const rounds = Number(values.rounds);
const drains = DRAINS.filter(({ name }) => values.drains.split(",").some((beginning) => name.startsWith(beginning)));
const isAsked = revision !== undefined && Number.isInteger(rounds) && rounds > 0 && drains.length > 0;
if (values.help !== true && isAsked) await main({ revision, rounds, drains });
else {
  process.exitCode = values.help === true ? 0 : 2;
  say(USAGE);
}
