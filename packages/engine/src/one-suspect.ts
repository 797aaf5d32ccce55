import type { Frame } from "./io/frame.ts";
import { isSuspect, MOST_CRASHES_BESIDE } from "./store/suspects.ts";

/**
 * Keeps a worker from executing one suspect beside another. A run is one until its execution is over. Once it has got further, the
 * next may begin that has seen few crashes. While all it does is wait, inside a task, any may: it may be what is waited for.
 */
export class OneSuspect {
  readonly #onFree: () => void;
  readonly #executing = new Set<Frame>();
  /** Those that got further since they began. */
  readonly #further = new Set<Frame>();

  /** `onFree`: there may be a next one. */
  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  /** The next may begin. */
  get isFree(): boolean {
    return areIdle(this.#executing);
  }

  /** Which that has seen no more of them; undefined: however many. */
  get mostCrashes(): number | undefined {
    return areIdle(this.#further) ? undefined : MOST_CRASHES_BESIDE;
  }

  /** The next may have found no slot. */
  get isAwaited(): boolean {
    return this.#executing.size + this.#further.size > 0;
  }

  begin(frame: Frame): void {
    if (!isSuspect(frame.claimed.run)) return;
    this.#executing.add(frame);
    frame.writer.onProgress = () => this.#getFurther(frame);
  }

  leave(frame: Frame): void {
    if (this.#executing.delete(frame) || this.#further.delete(frame)) this.#onFree();
  }

  #getFurther(frame: Frame): void {
    frame.writer.onProgress = null;
    if (!this.#executing.delete(frame)) return;
    this.#further.add(frame);
    this.#onFree();
  }
}

function areIdle(frames: ReadonlySet<Frame>): boolean {
  return [...frames].every((frame) => frame.isIdle);
}
