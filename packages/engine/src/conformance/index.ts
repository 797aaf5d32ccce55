/** What every store must do, as tests: call `describeStore` and `describeModel` in the adapter's own test files. */
export { describeStore } from "./describe-store.ts";
export { checkModel, type ModelOptions, type ModelReport } from "./model/check-model.ts";
export { readModelOptions } from "./model/model-options.ts";
export { describeModel } from "./model/describe-model.ts";
export type { OpenedStore, StoreHarness } from "./store-harness.ts";
export { waitUntil } from "./task-records.ts";
