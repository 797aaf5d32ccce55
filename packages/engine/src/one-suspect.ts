import type { Frame } from "./io/frame.ts";
import { isSuspect } from "./store/suspects.ts";

/**
 * Keeps a worker from executing one suspect beside another. A run is one until its execution is over, or has got further.
 * While all it does is wait, inside a task, the next may begin: it may be what is waited for.
 */
export class OneSuspect {
  readonly #onFree: () => void;
  readonly #executing = new Set<Frame>();

  /** `onFree`: there may be a next one. */
  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  /** The next may begin. */
  get isFree(): boolean {
    return [...this.#executing].every((frame) => frame.isIdle);
  }

  /** The next may have found no slot. */
  get isAwaited(): boolean {
    return this.#executing.size > 0;
  }

  begin(frame: Frame): void {
    if (!isSuspect(frame.claimed.run)) return;
    this.#executing.add(frame);
    frame.writer.onProgress = () => this.leave(frame);
  }

  leave(frame: Frame): void {
    if (this.#executing.delete(frame)) this.#onFree();
  }
}
