import { parseArgs } from "node:util";
import { drawSeed } from "./plan-kills.ts";
import { runChaos } from "./run-chaos.ts";

/** `pnpm chaos --kills 50`: kills real servers under load, audits their file, prints the figures. `--seed` kills as another loop did. */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    servers: { type: "string", default: "2" },
    callers: { type: "string", default: "12" },
    seed: { type: "string", default: String(drawSeed()) },
  },
});

process.stdout.write(`seed: ${values.seed}\n`);
const report = await runChaos({
  kills: Number(values.kills),
  servers: Number(values.servers),
  callers: Number(values.callers),
  seed: Number(values.seed),
  onKill: (kill) => process.stdout.write(kill % 10 === 0 ? `${kill} kills\n` : ""),
});
const { findings, ...figures } = report;
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name}: ${Math.round(value * 10) / 10}\n`);
for (const finding of findings.slice(0, 50)) process.stdout.write(`FOUND: ${finding}\n`);
process.stdout.write(
  findings.length === 0 ? "Every promise was kept.\n" : `${findings.length} promises were broken.\n`,
);
process.exitCode = findings.length === 0 ? 0 : 1;
