import type { Scope } from "./scope.ts";

interface HeldCall {
  readonly scope: Scope;
  readonly resume: () => void;
}

/** Calls of an execution that are held until nothing else is under way. */
export class HeldCalls {
  #calls: HeldCall[] = [];

  get size(): number {
    return this.#calls.length;
  }

  /** The tasks in which a call is held. */
  get tasksAround(): ReadonlySet<Scope> {
    return new Set(this.#calls.flatMap(({ scope }) => scope.tasksAround));
  }

  /** Resolves when it is the call's turn. */
  hold(scope: Scope): Promise<void> {
    return new Promise((resume) => void this.#calls.push({ scope, resume }));
  }

  /** The one that was held first goes on; false: there is none. */
  resumeNext(): boolean {
    const next = this.#calls.shift();
    next?.resume();
    return next !== undefined;
  }

  resumeAll(): void {
    for (const { resume } of this.#calls.splice(0)) resume();
  }

  /** Those in tasks whose attempt is over never go on. */
  dropOver(): void {
    this.#calls = this.#calls.filter(({ scope }) => !scope.isOver);
  }
}
