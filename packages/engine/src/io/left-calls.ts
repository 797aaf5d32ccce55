import { RunStateError } from "@beckon/core/runtime";
import type { Scope } from "./scope.ts";

/** A call that does not go on by itself. */
export interface Left {
  readonly scope: Scope;
  readonly reject: (reason: Error) => void;
}

/**
 * Calls of an execution that do not go on: steps that are not to begin, and what is asked for in tasks whose attempt is over. They
 * stay open until the execution is aborted, if it is: its function could else not end.
 */
export class LeftCalls {
  /** Made for the first: most executions leave none. */
  #calls: Left[] | undefined;

  /** A promise of its own for each: a shared one would keep all that ever waited for it. */
  leave(scope: Scope): Promise<never> {
    return new Promise((_never, reject) => this.take([{ scope, reject }]));
  }

  /** Where the task's function has returned nobody can have meant the call, which no replay would make: it is told so. */
  take(calls: readonly Left[]): void {
    for (const call of calls) {
      const { over } = call.scope;
      if (over?.hasReturned) call.reject(leftBehind(over));
      else (this.#calls ??= []).push(call);
    }
  }

  rejectAll(reason: Error): void {
    for (const { reject } of this.#calls?.splice(0) ?? []) reject(reason);
  }
}

function leftBehind({ id }: Scope): RunStateError {
  return new RunStateError(
    `Task "${id}" has returned without this call, which it made: await it inside of the task, or make it outside of it.`,
  );
}
