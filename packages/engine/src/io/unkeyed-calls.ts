import type { TaskRecord } from "../store/records.ts";

/** `none`: a call is new. `others`: only calls of other payloads are left, which may be on their way. */
export type ClaimedCall =
  | { readonly kind: "found"; readonly step: TaskRecord }
  | { readonly kind: "none" }
  | { readonly kind: "others" };

/**
 * The calls without a key that one scope makes of one job: on replay each takes the oldest recorded one with an
 * equal payload that was not made again yet. They are numbered from 1; a number that is missing is that of a call
 * whose child had failed, and which a new attempt has forgotten: as many calls are new though others are left.
 */
export class UnkeyedCalls {
  /** Recorded ones that this execution has not come by, oldest first. */
  readonly #open: TaskRecord[];
  /** Of those, what a refused batch has come by: whether it is made again is open, so that no other call waits for it. */
  readonly #givenBack = new Set<TaskRecord>();
  readonly #missing: number[];
  #lastNumber: number;
  #onChange = Promise.withResolvers<void>();

  constructor(recorded: readonly TaskRecord[]) {
    const numbers = new Set(recorded.map(({ id }) => Number(/#(\d+)$/.exec(id)?.[1] ?? 0)));
    this.#open = [...recorded];
    this.#lastNumber = Math.max(0, ...numbers);
    this.#missing = Array.from({ length: this.#lastNumber }, (_, index) => index + 1).filter(
      (one) => !numbers.has(one),
    );
  }

  /** Takes the recorded call of this payload, if there is one. */
  claim(digest: string): ClaimedCall {
    const index = this.#open.findIndex((step) => step.childDigest === digest);
    const [step] = index === -1 ? [] : this.#open.splice(index, 1);
    if (step === undefined) {
      const others = this.#open.some((one) => !this.#givenBack.has(one));
      return { kind: others && this.#missing.length === 0 ? "others" : "none" };
    }
    this.#tellOfChange();
    return { kind: "found", step };
  }

  /** A recorded call that was claimed for nothing: the next call of its payload takes it. */
  giveBack(step: TaskRecord): void {
    const index = this.#open.findIndex(({ ordinal }) => ordinal > step.ordinal);
    this.#open.splice(index === -1 ? this.#open.length : index, 0, step);
    this.#givenBack.add(step);
    this.#tellOfChange();
  }

  /** Resolves when a recorded call has been made again, or given back. */
  get nextChange(): Promise<void> {
    return this.#onChange.promise;
  }

  /** The number of a new call, given once. */
  nextNumber(): number {
    const missing = this.#missing.shift();
    if (missing !== undefined) return missing;
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  #tellOfChange(): void {
    this.#onChange.resolve();
    this.#onChange = Promise.withResolvers();
  }
}
