import type { Scope } from "./scope.ts";

/**
 * How many calls of an execution are under way, by the scope they were made in. Those in a task whose attempt is over, at any
 * depth, are not counted: nobody asks for their answer any more, and they may never have one.
 */
export class CallsUnderWay {
  readonly #counts = new Map<Scope, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(scope: Scope): void {
    this.#change(scope, 1);
  }

  remove(scope: Scope): void {
    this.#change(scope, -1);
  }

  /** Takes out those in scopes that are over by now. */
  dropOver(): void {
    for (const [scope, count] of this.#counts) {
      if (!scope.isOver) continue;
      this.#counts.delete(scope);
      this.#total -= count;
    }
  }

  #change(scope: Scope, by: 1 | -1): void {
    if (scope.isOver) return;
    this.#total += by;
    const count = (this.#counts.get(scope) ?? 0) + by;
    if (count === 0) this.#counts.delete(scope);
    else this.#counts.set(scope, count);
  }
}
