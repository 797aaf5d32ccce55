import type { EngineParts } from "./parts.ts";
import { giveBack } from "./settle.ts";
import type { ClaimedRun } from "./store/records.ts";

/** Runs that were claimed and not begun, on their way back. */
export class GivingBack {
  readonly #parts: EngineParts;
  readonly #onDone: () => void;
  #underWay = 0;

  constructor(parts: EngineParts, onDone: () => void) {
    this.#parts = parts;
    this.#onDone = onDone;
  }

  get isOver(): boolean {
    return this.#underWay === 0;
  }

  begin(unstarted: readonly ClaimedRun[]): void {
    if (unstarted.length === 0) return;
    this.#underWay += 1;
    void giveBack(unstarted, this.#parts).finally(() => {
      this.#underWay -= 1;
      this.#onDone();
    });
  }
}
