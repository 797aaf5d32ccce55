/** What every store must do, as tests: call `describeStore` in the adapter's own test file. */
export { describeStore } from "./describe-store.ts";
export type { OpenedStore, StoreHarness } from "./store-harness.ts";
