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

  /** Resolves when it is the call's turn, or it has been held for too long. */
  hold(scope: Scope, tooLong?: Promise<void>): Promise<void> {
    return new Promise((resume) => {
      const call = { scope, resume };
      this.#calls.push(call);
      void tooLong?.then(() => this.#resume(call));
    });
  }

  /** The one that was held first goes on; false: there is none. */
  resumeNext(): boolean {
    const next = this.#calls.shift();
    next?.resume();
    return next !== undefined;
  }

  #resume(call: HeldCall): void {
    const index = this.#calls.indexOf(call);
    if (index === -1) return;
    this.#calls.splice(index, 1);
    call.resume();
  }

  resumeAll(): void {
    for (const { resume } of this.#calls.splice(0)) resume();
  }

  /** Those in tasks whose attempt is over never go on. */
  dropOver(): void {
    this.#calls = this.#calls.filter(({ scope }) => !scope.isOver);
  }
}
