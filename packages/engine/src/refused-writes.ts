import type { EngineParts } from "./parts.ts";
import type { StoreUnavailableError } from "./store/store-unavailable-error.ts";
import { storeAgain } from "./until-stored.ts";

/** As much as a request over HTTP brings. Larger things are invoked in this process only, whose calls no balancer directs. */
const LONGEST_TRIAL = 4 * 1024 * 1024;

/** No scope of a job's values is called so. */
const TRIAL = { scope: "engine", key: "trial", claim: null };

/**
 * Why the store took nothing of what was asked for from outside. Whoever asked was told so, and may ask another server from then
 * on, as a balancer does for all: nothing that is asked here would show that there is room again. So the store is tried once a
 * second, and by nobody who looks, until it takes as much as it has refused.
 */
export class RefusedWrites {
  readonly #parts: Pick<EngineParts, "store" | "clock">;
  #problem: string | null = null;
  /** The most that was refused, in characters, as far as that is tried for. */
  #length = 0;
  #isStarted = false;

  constructor(parts: Pick<EngineParts, "store" | "clock">) {
    this.#parts = parts;
  }

  /** A sentence for people; null: nothing was refused that could not be written again since. */
  get problem(): string | null {
    return this.#problem;
  }

  start(): void {
    this.#isStarted = true;
  }

  /** Tries no more: the store may be another engine's by then, or closed. */
  stop(): void {
    this.#isStarted = false;
  }

  /** So much was refused. */
  note(refusal: StoreUnavailableError, length: number): void {
    if (!this.#isStarted) return;
    this.#length = Math.min(Math.max(this.#length, length), LONGEST_TRIAL);
    if (this.#problem !== null) return;
    const reporter = { report: (problem: string | null) => void (this.#problem = problem) };
    storeAgain(refusal, { write: () => this.#try(), clock: this.#parts.clock, reporter }).catch(() => {
      // It fails for another reason, which whoever writes next is told.
      this.#problem = null;
    });
  }

  /** Two commits: what a transaction writes and takes back takes no room. */
  async #try(): Promise<void> {
    if (!this.#isStarted) return;
    const { store } = this.#parts;
    for (let tried = -1; tried < this.#length;) {
      // More may be refused meanwhile.
      tried = this.#length;
      await store.writeValue({ ...TRIAL, text: "x".repeat(tried) });
      await store.writeValue({ ...TRIAL, text: null });
    }
    this.#length = 0;
  }
}
