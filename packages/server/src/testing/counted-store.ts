import type { Store } from "@beckon/engine";
import { createMemoryStore } from "@beckon/engine/testing";

/** A store that counts who listens to it. */
export function createCountedStore(): { readonly store: Store; readonly listeners: () => number } {
  const store = createMemoryStore();
  let listeners = 0;
  const subscribe: Store["subscribe"] = (listener) => {
    const unsubscribe = store.subscribe(listener);
    listeners += 1;
    return () => {
      listeners -= 1;
      unsubscribe();
    };
  };
  return { store: { ...store, subscribe }, listeners: () => listeners };
}
