import { setMaxListeners } from "node:events";
import type { Engine } from "@beckon/engine";

/** The engine as its doors see it: what they wait for ends when `end` is called, so that the server can close. */
export function createStoppableEngine(engine: Engine): { readonly engine: Engine; readonly end: () => void } {
  const stopping = new AbortController();
  // As many listen as requests wait.
  setMaxListeners(0, stopping.signal);
  const withStop = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  return {
    engine: {
      ...engine,
      result: (request) => engine.result({ ...request, signal: withStop(request.signal) }),
      events: (request) => engine.events({ ...request, signal: withStop(request.signal) }),
    },
    end: () => stopping.abort(),
  };
}
