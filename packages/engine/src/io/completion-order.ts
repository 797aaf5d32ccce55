import type { TaskRecord } from "../store/records.ts";

type Completion = Pick<TaskRecord, "ordinal" | "completedAt">;

interface HeldAnswer {
  readonly step: Completion;
  readonly answer: () => void;
}

/*
 * The order in which the function of a run saw its steps end, so that what raced once ends the same way on every
 * replay: `completedAt`, then `ordinal`, grows from one end to the next, and answers from the memo come in that order.
 */
export class CompletionOrder {
  readonly #held: HeldAnswer[] = [];
  #last: Completion = { completedAt: 0, ordinal: 0 };

  constructor(steps: readonly Completion[]) {
    for (const step of steps) if (isBefore(this.#last, step)) this.#last = step;
  }

  /** The instant to record for a step that ends now: its own, unless an end that was seen before it has a later one. */
  stamp(ordinal: number, completedAt: number): number {
    const { completedAt: lastAt, ordinal: lastOrdinal } = this.#last;
    const isNext = isBefore(this.#last, { ordinal, completedAt });
    const at = isNext ? completedAt : (lastAt ?? 0) + Number(ordinal <= lastOrdinal);
    this.#last = { ordinal, completedAt: at };
    return at;
  }

  /** Resolves when it is the turn of a step from the memo, of all that were asked for: one in each turn of the event loop. */
  turnOf(step: Completion): Promise<void> {
    return new Promise((answer) => {
      this.#held.push({ step, answer });
      if (this.#held.length === 1) setImmediate(() => this.#answerFirst());
    });
  }

  /** For a step that ended just now: behind what is held, and at once where nothing is. */
  async afterHeld(step: Completion): Promise<void> {
    if (this.#held.length > 0) await this.turnOf(step);
  }

  #answerFirst(): void {
    const first = this.#held.reduce((one, other) => (isBefore(other.step, one.step) ? other : one));
    this.#held.splice(this.#held.indexOf(first), 1);
    first.answer();
    if (this.#held.length > 0) setImmediate(() => this.#answerFirst());
  }
}

export function inOrder<Step extends Completion>(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
}

function isBefore(one: Completion, other: Completion): boolean {
  const [oneAt, otherAt] = [one.completedAt ?? 0, other.completedAt ?? 0];
  return oneAt === otherAt ? one.ordinal < other.ordinal : oneAt < otherAt;
}
