import type { Frame } from "./io/frame.ts";
import type { StoreChange } from "./store/store.ts";

/**
 * The runs that this engine executes and of which nothing was told yet that could be their end: whoever waits for one of
 * them has nothing to read before that. Whatever is not certain takes a run out, because reading is never wrong.
 */
export class RunsUnderWay {
  readonly #frames = new Map<string, Frame>();
  readonly #onUntold: (runId: string) => void;

  /** `onUntold`: an execution is over without a word, because somebody else has ended the run: who waits must look. */
  constructor(onUntold: (runId: string) => void) {
    this.#onUntold = onUntold;
  }

  has(runId: string): boolean {
    return this.#frames.get(runId)?.isAborted === false;
  }

  begin(frame: Frame): void {
    this.#frames.set(frame.claimed.claim.runId, frame);
  }

  /** The execution is over and its end on disk. */
  leave(frame: Frame): void {
    const { runId } = frame.claimed.claim;
    if (this.#frames.get(runId) !== frame) return;
    this.#frames.delete(runId);
    this.#onUntold(runId);
  }

  /** In the very turn of the commit: who asks after it reads what it wrote. */
  onChange({ runs }: StoreChange): void {
    if (this.#frames.size === 0) return;
    // Another process wrote: any of them may have ended.
    if (runs === null) return this.#frames.clear();
    for (const { runId, status } of runs) if (status !== "EXECUTING") this.#frames.delete(runId);
  }
}
