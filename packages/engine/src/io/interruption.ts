/**
 * Why an execution ended before its function did. `parked`: it waits for the named steps. `drained`: the
 * server is stopping and the next step belongs to its successor. `mismatched`: going on would swap its children.
 */
export type Interruption =
  | { readonly kind: "parked"; readonly taskIds: readonly string[] }
  | { readonly kind: "drained" }
  | { readonly kind: "mismatched"; readonly message: string }
  | { readonly kind: "timed-out" }
  | { readonly kind: "shut-down" }
  | { readonly kind: "lost" };

/** How an abort ends the execution; a task's timeout aborts only the task. */
export const INTERRUPTION_OF = {
  canceled: "lost",
  "lost-lease": "lost",
  "max-duration": "timed-out",
  shutdown: "shut-down",
} as const;

/** Whether an execution was ended before its function, and whom that concerns. */
export class InterruptionWatch {
  #interruption: Interruption | null = null;
  #listeners: ((interruption: Interruption) => void)[] | undefined;

  /** null: it was not. */
  get current(): Interruption | null {
    return this.#interruption;
  }

  /** Calls `run` when it is, or at once where it was. */
  onInterruption(run: (interruption: Interruption) => void): void {
    if (this.#interruption !== null) run(this.#interruption);
    else if (this.#listeners === undefined) this.#listeners = [run];
    else this.#listeners.push(run);
  }

  interrupt(interruption: Interruption): void {
    this.#interruption = interruption;
    for (const run of this.#listeners ?? []) run(interruption);
  }
}
