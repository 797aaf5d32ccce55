import { currentRunScope, type RunScope } from "./run-scope.ts";
import type { Transport } from "./transport.ts";

/** Where the calls of a handle come from and go to. Both are looked up at each call. */
export interface CallPlace {
  /** @throws NotConnectedError */
  readonly transport: () => Transport;
  /** The run of which the call is a step, or undefined for a call that is none. */
  readonly scope: () => RunScope | undefined;
}

/** Of a job's own handle: inside a run its calls are steps of that run, outside they take the found transport. */
export function ambientPlace(findTransport: () => Transport): CallPlace {
  return { scope: currentRunScope, transport: () => currentRunScope()?.transport ?? findTransport() };
}

/** Of a handle that belongs to one server: its calls are steps only inside a run of that same server. */
export function boundPlace(transport: Transport): CallPlace {
  const home = transport.doorTo ?? transport;
  const scope = (): RunScope | undefined => {
    const around = currentRunScope();
    return around?.transport === home ? around : undefined;
  };
  return { scope, transport: () => transport };
}

/** Of a client's handle: its calls go over the wire wherever they are made. */
export function remotePlace(transport: Transport): CallPlace {
  return { scope: () => undefined, transport: () => transport };
}
