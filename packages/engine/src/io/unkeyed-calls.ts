import type { TaskRecord } from "../store/records.ts";

/** `others`: only calls of other payloads are left, which may be on their way. */
export type ClaimedCall =
  | { readonly kind: "found"; readonly step: TaskRecord }
  | { readonly kind: "none" }
  | { readonly kind: "others" };

/**
 * The calls without a key that one scope makes of one job: on replay each takes the oldest recorded one with an
 * equal payload that was not made again yet.
 */
export class UnkeyedCalls {
  /** Recorded ones that this execution has not come by, oldest first. */
  readonly #open: TaskRecord[];
  #lastNumber: number;
  #onClaim = Promise.withResolvers<void>();

  constructor(recorded: readonly TaskRecord[]) {
    this.#open = [...recorded];
    this.#lastNumber = recorded.reduce((last, { id }) => Math.max(last, Number(/#(\d+)$/.exec(id)?.[1] ?? 0)), 0);
  }

  /** Takes the recorded call of this payload, if there is one. */
  claim(digest: string): ClaimedCall {
    if (this.#open.length === 0) return { kind: "none" };
    const index = this.#open.findIndex((step) => step.childDigest === digest);
    const [step] = index === -1 ? [] : this.#open.splice(index, 1);
    if (step === undefined) return { kind: "others" };
    this.#onClaim.resolve();
    this.#onClaim = Promise.withResolvers();
    return { kind: "found", step };
  }

  /** Resolves when the next recorded call has been made again. */
  get nextClaim(): Promise<void> {
    return this.#onClaim.promise;
  }

  /** The number of a new call, given once. */
  nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }
}
