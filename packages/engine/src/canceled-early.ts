import type { RunStatus } from "@beckon/core/runtime";
import type { ClaimedRun } from "./store/records.ts";

/** A busy worker never stops awaiting runs: those that were canceled so many cancels ago are not on their way any more. */
const MOST = 1_000;

/**
 * Runs that were canceled in the very commit that claimed or bore them: that is told before the worker has them. Kept while
 * a claim or a birth is under way.
 */
export class CanceledEarly {
  readonly #runIds = new Set<string>();

  /** The last that was told of a run: opened again by hand, it may have been claimed again. */
  note(runId: string, status: RunStatus): void {
    this.#runIds.delete(runId);
    if (status !== "CANCELED") return;
    this.#runIds.add(runId);
    const [oldest] = this.#runIds;
    if (this.#runIds.size > MOST && oldest !== undefined) this.#runIds.delete(oldest);
  }

  /** Those among what the worker was given, which must not begin. */
  among(claimed: readonly ClaimedRun[]): readonly ClaimedRun[] {
    return this.#runIds.size === 0 ? [] : claimed.filter(({ claim }) => this.#runIds.has(claim.runId));
  }

  clear(): void {
    this.#runIds.clear();
  }
}
