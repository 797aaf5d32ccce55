import { compile } from "./built-packages.ts";

/** What the compiler says that a check took. */
export interface TypeCost {
  readonly instantiations: number;
  readonly checkMs: number;
  readonly memoryMb: number;
}

/** Checks a project several times on one thread. The shortest counts: what else the machine does only adds. */
export function measure(project: string, times = 5): TypeCost {
  const options = ["-p", project, "--noEmit", "--extendedDiagnostics", "--singleThreaded"];
  const costs = Array.from({ length: times }, () => readCost(compile(options)));
  const [shortest] = costs.toSorted((a, b) => a.checkMs - b.checkMs);
  if (shortest === undefined) throw new Error("A project is measured at least once.");
  return shortest;
}

function readCost(report: string): TypeCost {
  const read = (name: string): number => {
    const match = new RegExp(`^${name}:\\s+([\\d.]+)`, "m").exec(report);
    if (match === null) throw new Error(`tsc --extendedDiagnostics says nothing of "${name}":\n${report}`);
    return Number(match[1]);
  };
  return {
    instantiations: read("Instantiations"),
    checkMs: read("Check time") * 1_000,
    memoryMb: read("Memory used") / 1_024,
  };
}
