import { AsyncLocalStorage } from "node:async_hooks";

/*
 * Turns of the event loop, counted as far as anybody asks. All executions of the process share one `setImmediate` in a
 * turn: with one for each step of each run, the event loop would have more to do for them than for the steps.
 */
let turn = 0;
let due: (() => void)[] | null = null;

// Taken when the module is loaded: where a test has put fake timers in place, steps go on all the same.
const callNextTurn = setImmediate;

/** Outside of every run: what is due belongs to many of them, not to the one that asked first. */
const outside = AsyncLocalStorage.snapshot();

/** The same number for as long as the current turn goes on. */
export function currentTurn(): number {
  if (due === null) arm();
  return turn;
}

/** Calls `run`, which must not throw, in the next turn. */
export function inNextTurn(run: () => void): void {
  (due ?? arm()).push(run);
}

function arm(): (() => void)[] {
  due = [];
  outside(callNextTurn, begin);
  return due;
}

function begin(): void {
  const runs = due ?? [];
  due = null;
  turn += 1;
  for (const run of runs) run();
}
