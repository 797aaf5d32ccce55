import { appendFileSync, readFileSync } from "node:fs";

/**
 * What really happened, written outside of the store that is on trial: one line for each side effect, in
 * order, by every process. A line is short enough for one atomic append.
 */
export type Entry =
  /** A step's function began. */
  | { readonly kind: "step"; readonly pid: number; readonly runId: string; readonly step: number; readonly key: string }
  /** A run of the limited job was inside its function. */
  | { readonly kind: "enter" | "leave"; readonly pid: number; readonly runId: string }
  /** The process is about to be killed: nothing it wrote later counts. */
  | { readonly kind: "kill"; readonly pid: number };

export class Journal {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  write(entry: Entry): void {
    appendFileSync(this.#path, `${JSON.stringify(entry)}\n`);
  }

  read(): readonly Entry[] {
    const lines = readFileSync(this.#path, "utf8").split("\n");
    return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as Entry);
  }
}
