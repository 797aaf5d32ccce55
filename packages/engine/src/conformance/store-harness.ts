import type { Store } from "../store/store.ts";

/** What an adapter gives the suite: new, empty stores, each with a world of its own. */
export interface StoreHarness {
  open(): Promise<OpenedStore>;
}

/** A store, and what only its adapter can do to it. Disposing closes every instance and removes the data. */
export interface OpenedStore extends AsyncDisposable {
  readonly store: Store;
  /** A further instance over the same data, as a further process would open it; both are used at once. */
  openPeer(): Promise<Store>;
  /** As after the death of every process that has the data open: all instances are gone, with their workers. */
  reopen(): Promise<Store>;
  /** As if the process that opened this worker on `store` had been killed, and with it nothing but the worker. */
  abandonWorker(store: Store, workerId: string): Promise<void>;
}
