import { cpus, release, totalmem, type } from "node:os";

export interface RunFacts {
  readonly takenAt: string;
  readonly command: string;
  readonly machine: string;
  readonly rounds: number;
  /** By package, and by service. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What kind of machine this is; its name and addresses are nobody's business. */
export function describeMachine(): string {
  const [first] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} cores (${first?.model.trim() ?? "unknown"}), ${gib} GiB of memory, ${type()} ${release().split("-")[0]}, Node ${process.versions.node}`;
}
