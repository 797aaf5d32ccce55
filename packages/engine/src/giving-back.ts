import type { EngineParts } from "./parts.ts";
import { giveBack } from "./settle.ts";
import type { ClaimedRun } from "./store/records.ts";
import type { ProblemReporter } from "./until-stored.ts";

/** Runs that were claimed and not begun, on their way back. */
export class GivingBack implements ProblemReporter {
  readonly #parts: EngineParts;
  readonly #onChange: () => void;
  #underWay = 0;
  #problem: string | null = null;

  /** `onChange` hears when one of them is done, or cannot be done for now. */
  constructor(parts: EngineParts, onChange: () => void) {
    this.#parts = parts;
    this.#onChange = onChange;
  }

  /** Why they cannot be given back at the moment. */
  get problem(): string | null {
    return this.#problem;
  }

  report(problem: string | null): void {
    this.#problem = problem;
    this.#onChange();
  }

  get isOver(): boolean {
    return this.#underWay === 0;
  }

  begin(unstarted: readonly ClaimedRun[]): void {
    if (unstarted.length === 0) return;
    this.#underWay += 1;
    void giveBack(unstarted, this.#parts, this).finally(() => {
      this.#underWay -= 1;
      this.#onChange();
    });
  }
}
