import { compile } from "./built-packages.ts";

/** What the compiler says that a check took. */
export interface TypeCost {
  readonly instantiations: number;
  readonly checkMs: number;
  readonly memoryMb: number;
}

/**
 * Checks projects several times in turn, as `tsc` does it by default. The shortest time of each counts: what else
 * the machine does only adds.
 */
export function measure(projects: readonly string[], times = 7): TypeCost[] {
  const rounds = Array.from({ length: times }, () => projects.map(measureOnce));
  return projects.map((_, index) =>
    rounds.map((round) => round[index] ?? NOTHING).reduce((a, b) => (b.checkMs < a.checkMs ? b : a)),
  );
}

const NOTHING: TypeCost = { instantiations: 0, checkMs: Number.POSITIVE_INFINITY, memoryMb: 0 };

function measureOnce(project: string): TypeCost {
  return readCost(compile(["-p", project, "--noEmit", "--extendedDiagnostics"]));
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
