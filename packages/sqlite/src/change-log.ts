import type { RunStatus } from "@beckon/core/runtime";
import type { StoreChange } from "@beckon/engine";

type ChangedRun = NonNullable<StoreChange["runs"]>[number];

/** What the transaction under way has changed; told to subscribers after its commit, forgotten when it rolls back. */
export class ChangeLog {
  #runs: ChangedRun[] = [];
  #hasReady = false;
  #hasDeliveries = false;

  note(runId: string, status: RunStatus): void {
    this.#runs.push({ runId, status });
  }

  noteReady(): void {
    this.#hasReady = true;
  }

  /** What became ready in this transaction was claimed in it. */
  forgetReady(): void {
    this.#hasReady = false;
  }

  noteDelivery(): void {
    this.#hasDeliveries = true;
  }

  /** Gives what was noted and begins anew; null when nothing was. */
  take(): StoreChange | null {
    if (this.#runs.length === 0 && !this.#hasReady && !this.#hasDeliveries) return null;
    const change: StoreChange = { runs: this.#runs, hasReady: this.#hasReady, hasDeliveries: this.#hasDeliveries };
    this.#runs = [];
    this.#hasReady = false;
    this.#hasDeliveries = false;
    return change;
  }
}
