import type { Transport } from "@beckon/core/runtime";
import type { Engine } from "./engine.ts";

/** Which engine an in-process transport leads to: a router over connected jobs finds it here. */
const engineByTransport = new WeakMap<Transport, Engine>();

/** Makes the engine known by its transport. */
export function registerEngine(engine: Engine): void {
  engineByTransport.set(engine.transport, engine);
}

/** The engine that a transport leads to; undefined when it leads out of this process. */
export function engineOf(transport: Transport): Engine | undefined {
  return engineByTransport.get(transport);
}
