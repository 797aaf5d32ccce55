export { type Clock, systemClock } from "./clock.ts";
export type { Engine, EngineInvokeRequest, ParentStep } from "./engine.ts";
export type * from "./store/records.ts";
export type * from "./store/store.ts";
export { StoreUnavailableError } from "./store/store-unavailable-error.ts";
export type * from "./views.ts";
