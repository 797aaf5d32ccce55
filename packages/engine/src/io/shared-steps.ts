import type { Scope } from "./scope.ts";

interface SharedStep {
  readonly scope: Scope;
  readonly answer: Promise<unknown>;
}

/** Calls that ask for one and the same step at the same time get one and the same answer. */
export class SharedSteps {
  readonly #underWay = new Map<string, SharedStep>();

  share<Value>(scope: Scope, taskId: string, call: () => Promise<Value>): Promise<Value> {
    const found = this.#underWay.get(taskId);
    // Steps of one id have one kind of answer. In an attempt that is over it may never come.
    if (found?.scope.isOver === false) return found.answer as Promise<Value>;
    const answer = call().finally(() => {
      if (this.#underWay.get(taskId)?.answer === answer) this.#underWay.delete(taskId);
    });
    this.#underWay.set(taskId, { scope, answer });
    return answer;
  }
}
