import type { Scope } from "./scope.ts";

/**
 * How many calls of an execution are under way. Those in a task whose attempt is over, at any depth, are not counted: nobody
 * asks for their answer any more, and they may never have one. Without a scope (null) a call counts until it settles.
 */
export class CallsUnderWay {
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

  /** Ends a scope, and takes out those in it. */
  end(scope: Scope): void {
    this.#total -= scope.end();
  }

  #change(scope: Scope | null, by: 1 | -1): void {
    if (scope?.isOver) return;
    this.#total += by;
    scope?.countCalls(by);
  }
}
