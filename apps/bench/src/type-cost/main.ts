import { symlinkSync, mkdirSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuiltPackages, buildPackages, compile } from "./built-packages.ts";
import * as sources from "./generate-sources.ts";
import { measure, type TypeCost } from "./measure.ts";
import { type Sources, writeProject } from "./write-project.ts";

/* `pnpm bench:types [counts…]`: what types cost, as a Markdown table on standard output. */

const counts = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [10, 100, 500, 1_000];

interface Row {
  readonly jobs: number;
  readonly subject: string;
  readonly cost: TypeCost;
  /** Against the hand-written router's author at the same number of jobs. */
  readonly ratio: number;
}

using packages = buildPackages();
const rows = counts.flatMap((count) => measureAll(packages, count));
const empty = new Map(measureAll(packages, 0).map((row) => [row.subject, row.cost.instantiations]));

console.log("| jobs | | instantiations | a job | check time | memory | of the hand-written router's check time |");
console.log("|---:|---|---:|---:|---:|---:|---:|");
for (const { jobs, subject, cost, ratio } of rows) {
  const each = (cost.instantiations - (empty.get(subject) ?? 0)) / jobs;
  console.log(
    `| ${jobs} | ${subject} | ${cost.instantiations} | ${Math.round(each)} | ${Math.round(cost.checkMs)} ms | ${Math.round(cost.memoryMb)} MB | ${ratio.toFixed(2)} |`,
  );
}

function measureAll({ folder }: BuiltPackages, count: number): Row[] {
  const write = (name: string, files: Sources): string => writeProject(join(folder, String(count)), name, files);
  const hand = write("hand", sources.handWrittenRouter(count));
  const ours = write("ours", sources.derivedRouter(count));
  for (const project of [hand, ours]) publish(project);
  const subjects: readonly (readonly [string, string])[] = [
    ["hand-written tRPC router: author", hand],
    ["schemas alone", write("schemas", sources.schemasAlone(count))],
    ["Beckon: author, with the derived router", ours],
    ["hand-written tRPC router: caller through declarations", write("hand-caller", sources.handWrittenCaller(count))],
    ["Beckon: caller through declarations, typed client", write("typed-caller", sources.typedClientCaller(count))],
    ["Beckon: caller through declarations, plain tRPC client", write("derived-caller", sources.derivedCaller(count))],
  ];
  const costs = measure(subjects.map(([, project]) => project));
  const handWrittenMs = costs[0]?.checkMs ?? Number.NaN;
  return costs.map((cost, index) => ({
    jobs: count,
    subject: subjects[index]?.[0] ?? "",
    cost,
    ratio: cost.checkMs / handWrittenMs,
  }));
}

/** Emits a project's declarations and installs it for its callers. */
function publish(project: string): void {
  compile(["-p", project, "--declaration", "--emitDeclarationOnly"]);
  const installed = join(dirname(project), "node_modules/@generated", project.endsWith("hand") ? "hand" : "ours");
  if (existsSync(installed)) return;
  mkdirSync(dirname(installed), { recursive: true });
  symlinkSync(project, installed);
}
