import type { RunStatus } from "@beckon/core/runtime";
import type { StoreChange } from "@beckon/engine";

/** What the transaction under way has changed; told to subscribers after its commit, forgotten when it rolls back. */
export class ChangeLog {
  #runs = new Map<string, RunStatus>();
  #hasReady = false;
  #hasDeliveries = false;

  note(runId: string, status: RunStatus): void {
    this.#runs.set(runId, status);
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
    if (this.#runs.size === 0 && !this.#hasReady && !this.#hasDeliveries) return null;
    const change: StoreChange = {
      runs: Array.from(this.#runs, ([runId, status]) => ({ runId, status })),
      hasReady: this.#hasReady,
      hasDeliveries: this.#hasDeliveries,
    };
    this.#runs = new Map();
    this.#hasReady = false;
    this.#hasDeliveries = false;
    return change;
  }
}
