import type { EndedCount } from "../store/activity.ts";
import type { Store } from "../store/store.ts";

/** Stretches are read so many at a time, so that one reading does not hold up the others for long. */
const READ_AT_ONCE = 12;
/** What ended just now may not be on disk yet: these stretches are read again. */
const UNSETTLED_MS = 60_000;

/** Remembers what was counted: history is read once, and then only what was added to it. */
export class EndedCounts {
  readonly #store: Store;
  readonly #stretchMs: number;
  readonly #known = new Map<number, readonly EndedCount[]>();

  constructor(store: Store, stretchMs: number) {
    this.#store = store;
    this.#stretchMs = stretchMs;
  }

  /** The counts of each whole stretch from `from` to `now`, by when it began. */
  async read(from: number, now: number): Promise<ReadonlyMap<number, readonly EndedCount[]>> {
    const stretchMs = this.#stretchMs;
    const first = Math.floor(from / stretchMs) * stretchMs;
    for (const at of this.#known.keys()) {
      if (at < first || at + stretchMs > now - UNSETTLED_MS) this.#known.delete(at);
    }
    for (let at = first; at <= now; at += stretchMs) {
      if (this.#known.has(at)) continue;
      const to = this.#endOfGap(at, now);
      await this.#count(at, to);
      at = to - stretchMs;
    }
    return new Map([...this.#known].toSorted(([one], [other]) => one - other));
  }

  #endOfGap(from: number, now: number): number {
    let to = from + this.#stretchMs;
    while (to <= now && !this.#known.has(to) && to - from < READ_AT_ONCE * this.#stretchMs) to += this.#stretchMs;
    return to;
  }

  async #count(from: number, to: number): Promise<void> {
    const counts = await this.#store.countEnded({ from, to, stretchMs: this.#stretchMs });
    const byStretch = Map.groupBy(counts, (count) => count.from);
    for (let at = from; at < to; at += this.#stretchMs) this.#known.set(at, byStretch.get(at) ?? []);
    // Whoever waits for the event loop has its turn between two readings.
    await new Promise<void>((resume) => setImmediate(resume));
  }
}
