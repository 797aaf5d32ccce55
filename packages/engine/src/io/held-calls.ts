import type { Left } from "./left-calls.ts";
import type { Scope } from "./scope.ts";

interface HeldCall extends Left {
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
    return new Promise((resume, reject) => void this.#calls.push({ scope, resume, reject }));
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

  /** Takes out those in tasks whose attempt is over. */
  takeOver(): readonly Left[] {
    const over = this.#calls.filter(({ scope }) => scope.isOver);
    if (over.length > 0) this.#calls = this.#calls.filter(({ scope }) => !scope.isOver);
    return over;
  }
}
