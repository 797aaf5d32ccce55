import type { Scope } from "./scope.ts";

/**
 * How many calls of an execution are under way, by the scope they were made in. Those in a task whose attempt is over, at any
 * depth, are not counted: nobody asks for their answer any more, and they may never have one. Without a scope (null) a call
 * counts until it settles.
 */
export class CallsUnderWay {
  readonly #counts = new Map<Scope | null, number>();
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(scope: Scope | null): void {
    this.#change(scope, 1);
  }

  remove(scope: Scope | null): void {
    this.#change(scope, -1);
  }

  /** Takes out those in scopes that are over by now. */
  dropOver(): void {
    for (const [scope, count] of this.#counts) {
      if (scope === null || !scope.isOver) continue;
      this.#counts.delete(scope);
      this.#total -= count;
    }
  }

  #change(scope: Scope | null, by: 1 | -1): void {
    if (scope?.isOver) return;
    this.#total += by;
    const count = (this.#counts.get(scope) ?? 0) + by;
    if (count === 0) this.#counts.delete(scope);
    else this.#counts.set(scope, count);
  }
}
