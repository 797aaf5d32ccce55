import { setMaxListeners } from "node:events";
import { isTerminal, type RunEvent, type Transport, UnavailableError } from "@beckon/core/runtime";
import { createEngineTransport, type Engine, registerEngine } from "@beckon/engine";

/** The engine as the doors of a server see it, and how to end what they wait for. */
export interface StoppableEngine {
  readonly engine: Engine;
  /** Results and events that are waited for answer that there was nothing yet, so that the doors can close. */
  readonly end: () => void;
}

/**
 * Takes no new runs once the engine drains. What a running step makes is let through: it could not finish
 * otherwise. Its transport leads here, too, so that calls in this process are refused alike, and waiting for a run in it ends.
 */
export function createStoppableEngine(engine: Engine): StoppableEngine {
  const stopping = new AbortController();
  // As many listen as requests wait.
  setMaxListeners(0, stopping.signal);
  const withStop = (signal: AbortSignal | undefined): AbortSignal =>
    signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]);
  const takesRuns = (): boolean => !engine.health().isDraining && !stopping.signal.aborted;
  const calls = createEngineTransport(engine.transport.description, () => stoppable);
  const stoppable: Engine = {
    ...engine,
    transport: createEndingTransport(calls, stopping.signal),
    invoke: (request) => (request.parent === undefined && !takesRuns() ? refuse() : engine.invoke(request)),
    replay: (request) => (takesRuns() ? engine.replay(request) : refuse()),
    result: (request) => engine.result({ ...request, signal: withStop(request.signal) }),
    events: (request) => engine.events({ ...request, signal: withStop(request.signal) }),
  };
  registerEngine(stoppable);
  return { engine: stoppable, end: () => stopping.abort() };
}

/** Calls in this process, which end when the server has stopped: nobody here hears of the run any more. */
function createEndingTransport(calls: Transport, stopped: AbortSignal): Transport {
  const checkStopped = (): void => {
    if (stopped.aborted)
      throw new UnavailableError("The server has stopped: the run goes on, and can be asked for, when it is back.");
  };
  return {
    ...calls,
    result: async (request) => {
      checkStopped();
      return calls.result(request).catch((error: unknown) => {
        // It knows only that there was no result.
        checkStopped();
        throw error;
      });
    },
    async *events(runId, options): AsyncGenerator<RunEvent> {
      checkStopped();
      let hasEnded = false;
      for await (const event of calls.events(runId, options)) {
        hasEnded = event.type === "status" && isTerminal(event.status);
        yield event;
      }
      if (!hasEnded && options.signal?.aborted !== true) checkStopped();
    },
  };
}

function refuse(): Promise<never> {
  return Promise.reject(
    new UnavailableError("The server is stopping and takes no new runs: try again when it is back."),
  );
}
