import type { TaskRecord } from "../store/records.ts";
import { currentTurn, inNextTurn } from "./turn.ts";

type Completion = Pick<TaskRecord, "ordinal" | "endOrdinal" | "completedAt">;

interface HeldAnswer {
  readonly step: Completion;
  readonly answer: () => void;
}

/*
 * The order in which the function of a run sees its steps end, kept as their `endOrdinal`: answers from the memo come in
 * that order, so that what raced once ends the same way on every replay. Ends that it has not seen come after those,
 * in the order in which they happened.
 *
 * In each turn of the event loop the function sees one end, also while it executes for the first time: what it does
 * with it is done before it sees the next, however long the chains of promises are that each goes through. And none
 * overtakes one before it that is still being saved.
 */
export class CompletionOrder {
  readonly #held: HeldAnswer[] = [];
  /** The ends that are on their way to disk. */
  readonly #saving: Completion[] = [];
  #last: number;
  /** The turn in which the function saw an end last. */
  #seenIn = -1;
  #isPassDue = false;

  constructor(steps: readonly Completion[]) {
    this.#last = steps.reduce((last, { endOrdinal }) => Math.max(last, endOrdinal ?? 0), 0);
  }

  /** The `endOrdinal` of a step that ends now. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** Resolves when it is the turn of a step from the memo: in a later turn, in which others were asked for, too. */
  turnOf(step: Completion): Promise<void> {
    return new Promise((answer) => {
      this.#held.push({ step, answer });
      this.#passLater();
    });
  }

  /** The end of a step is being saved: resolves when it is, and it is that step's turn. */
  afterSaving<Value>(step: Completion, saved: Promise<Value>): Promise<Value> {
    this.#saving.push(step);
    const forget = (): void => {
      this.#forgetSaving(step);
      if (this.#held.length > 0) this.#passLater();
    };
    return saved.then(
      (value) => {
        forget();
        const others = this.afterOthers(step);
        return others === undefined ? value : others.then(() => value);
      },
      (error: unknown) => {
        forget();
        throw error;
      },
    );
  }

  /** For a step that ended just now: at once where it is its turn and nothing else has this one. */
  afterOthers(step: Completion): Promise<void> | undefined {
    const turn = currentTurn();
    if (this.#seenIn === turn || this.#held.length > 0 || this.#mustWait(step)) return this.turnOf(step);
    this.#seenIn = turn;
    return undefined;
  }

  /** The last one takes its place: they stand in no order. */
  #forgetSaving(step: Completion): void {
    const last = this.#saving.pop();
    if (last !== undefined && last !== step) this.#saving[this.#saving.indexOf(step)] = last;
  }

  #passLater(): void {
    if (this.#isPassDue) return;
    this.#isPassDue = true;
    inNextTurn(() => this.#pass());
  }

  #pass(): void {
    this.#isPassDue = false;
    if (this.#held.length === 0) return;
    const first = this.#held.reduce((one, other) => (isBefore(other.step, one.step) ? other : one));
    // One that waits for what is being saved gets its turn when that is done.
    if (this.#mustWait(first.step)) return;
    this.#held.splice(this.#held.indexOf(first), 1);
    this.#seenIn = currentTurn();
    first.answer();
    if (this.#held.length > 0) this.#passLater();
  }

  #mustWait(step: Completion): boolean {
    return this.#saving.length > 0 && this.#saving.some((other) => isBefore(other, step));
  }
}

export function inOrder<Step extends Completion>(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((one, other) => (isBefore(one, other) ? -1 : 1));
}

function isBefore(one: Completion, other: Completion): boolean {
  const [oneEnd, otherEnd] = [one.endOrdinal ?? Number.POSITIVE_INFINITY, other.endOrdinal ?? Number.POSITIVE_INFINITY];
  if (oneEnd !== otherEnd) return oneEnd < otherEnd;
  const [oneAt, otherAt] = [one.completedAt ?? 0, other.completedAt ?? 0];
  return oneAt === otherAt ? one.ordinal < other.ordinal : oneAt < otherAt;
}
