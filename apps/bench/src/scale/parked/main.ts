import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spreadOf } from "../median.ts";

/*
 * `pnpm bench:parked`: what 10,000 runs that wait cost a server in memory and processor time, and how long
 * a restart with them takes to the first finished run. Each figure is a difference between two processes
 * that differ in nothing but the parked runs; three rounds, medians.
 */
const COUNT = 10_000;
const ROUNDS = 3;

interface Figures {
  readonly residentMb: number;
  readonly heapMb: number;
  readonly cpuPercent: number;
  readonly firstRunMs: number;
}

const folder = await mkdtemp(join(tmpdir(), "beckon-parked-"));
const subject = fileURLToPath(new URL("subject.ts", import.meta.url));

function run(mode: "park" | "finish" | "restart", file: string): Figures {
  const flags = ["--expose-gc", "--conditions=@beckon/source"];
  const output = execFileSync(process.execPath, [...flags, subject, mode, join(folder, file), String(COUNT)]);
  return JSON.parse(output.toString()) as Figures;
}

const rounds = Array.from({ length: ROUNDS }, (_, round) => ({
  park: run("park", `parked-${round}.db`),
  finish: run("finish", `finished-${round}.db`),
  restart: run("restart", `parked-${round}.db`),
  empty: run("restart", `empty-${round}.db`),
}));
const median = (read: (round: (typeof rounds)[number]) => number): string =>
  spreadOf(rounds.map(read)).median.toFixed(1);
const lines = [
  `after executing them: ${median(({ park, finish }) => park.residentMb - finish.residentMb)} MB resident, ` +
    `${median(({ park, finish }) => park.heapMb - finish.heapMb)} MB heap more than the same runs when they end`,
  `after a restart with them: ${median(({ restart, empty }) => restart.residentMb - empty.residentMb)} MB resident more than without`,
  `processor while they wait: ${median(({ park }) => park.cpuPercent)} % of one`,
  `restart to the first finished run: ${median(({ restart }) => restart.firstRunMs)} ms`,
];
process.stdout.write(`${COUNT} parked runs\n${lines.map((line) => `  ${line}\n`).join("")}`);
await rm(folder, { recursive: true, force: true });
