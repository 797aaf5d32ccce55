import type { LimitTable } from "./limit-table.ts";

/** Writes that arrive in one turn of the event loop share a commit. */
export class TurnWriter {
  readonly #table: LimitTable;
  #waiting: (() => () => void)[] = [];

  constructor(table: LimitTable) {
    this.#table = table;
  }

  write<Value>(work: () => Value): Promise<Value> {
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#flush());
      this.#waiting.push(() => {
        const value = work();
        return () => resolve(value);
      });
    });
  }

  #flush(): void {
    const batch = this.#waiting;
    this.#waiting = [];
    const answers = this.#table.together(() => batch.map((work) => work()));
    for (const answer of answers) answer();
  }
}
