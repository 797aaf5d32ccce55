import { withoutAmbience } from "./io/ambient.ts";
import type { Store, StoreChange } from "./store/store.ts";

/**
 * Hears what the store tells of its commits, for as long as somebody needs that: an engine that was stopped leaves nothing
 * behind at a store that outlives it.
 */
export class StoreNews {
  readonly #store: Store;
  /** Who is told. */
  onChange: (change: StoreChange) => void = () => undefined;
  #needs = 0;
  #unsubscribe: () => void = () => undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** From now on no change is missed, until `release` was called as often. */
  need(): void {
    this.#needs += 1;
    if (this.#needs > 1) return;
    this.#unsubscribe = this.#store.subscribe((change) => withoutAmbience(() => this.onChange(change)));
  }

  release(): void {
    this.#needs -= 1;
    if (this.#needs === 0) this.#unsubscribe();
  }
}
