import type { RunResult } from "./run-result.ts";
import type { InvokeRequest, Transport } from "./transport.ts";

/** The run around a call: inside it, invoking, waiting and canceling are durable steps. */
export interface RunScope {
  /** The way to the engine that executes this run, for what is not a step: explain, events. */
  readonly transport: Transport;
  invoke(request: InvokeRequest): Promise<readonly string[]>;
  /** One wait for all of the runs; results in the order of the ids. */
  results(request: {
    readonly jobId: string;
    readonly runIds: readonly string[];
    readonly timeoutMs: number | undefined;
  }): Promise<readonly RunResult<unknown, unknown>[]>;
  cancel(request: { readonly jobId: string; readonly runId: string }): Promise<void>;
}

/** Finds the run around the current call, or undefined outside of any. */
export type RunScopeProvider = () => RunScope | undefined;

/** On globalThis, because two copies of this package (source and dist, two versions) must share one slot. */
const SLOT = Symbol.for("beckon.run-scope");

/** Installs the provider. The engine does this, since only it may depend on AsyncLocalStorage. */
export function installRunScope(provider: RunScopeProvider): void {
  Reflect.set(globalThis, SLOT, provider);
}

/** The run around the current call, if there is one. */
export function currentRunScope(): RunScope | undefined {
  const provider: RunScopeProvider | undefined = Reflect.get(globalThis, SLOT);
  return provider?.();
}
