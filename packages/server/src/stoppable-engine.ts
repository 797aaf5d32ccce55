import { setMaxListeners } from "node:events";
import { isTerminal, type RunEvent, type Transport, UnavailableError } from "@beckon/core/runtime";
import { createEngineTransport, type Engine, registerEngine } from "@beckon/engine";

/** The engine as the doors of a server see it, and how to end what they wait for. */
export interface StoppableEngine {
  readonly engine: Engine;
  /** What is waited for ends, so that the doors can close: for a time, by that there is nothing yet; else by UnavailableError. */
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
  /** What ended by the caller's own signal has not ended by the stop. */
  const checkLeft = ({ signal }: { readonly signal?: AbortSignal | undefined }): void => {
    if (signal?.aborted !== true) checkStopped(stopping.signal);
  };
  const calls = createEngineTransport(engine.transport.description, () => stoppable);
  const stoppable: Engine = {
    ...refuseOnceStopped(engine, stopping.signal),
    health: () => engine.health(),
    start: () => engine.start(),
    stop: (options) => engine.stop(options),
    transport: { ...createEndingTransport(calls, stopping.signal), doorTo: engine.transport },
    invoke: (request) => (request.parent === undefined && !takesRuns() ? refuse() : engine.invoke(request)),
    replay: (request) => (takesRuns() ? engine.replay(request) : refuse()),
    result: async (request) => {
      checkStopped(stopping.signal);
      const result = await engine.result({ ...request, signal: withStop(request.signal) });
      // Whoever waits for as long as it takes asks only once.
      if (result === null && request.timeoutMs === Number.POSITIVE_INFINITY) checkLeft(request);
      return result;
    },
    async *events(request) {
      checkStopped(stopping.signal);
      const events = engine.events({ ...request, signal: withStop(request.signal) });
      // Whoever took the stop for the end of the run would not come back to the successor.
      if (!(yield* untilEnd(events))) checkLeft(request);
    },
  };
  registerEngine(stoppable);
  return { engine: stoppable, end: () => stopping.abort() };
}

/** @throws UnavailableError */
function checkStopped({ aborted }: AbortSignal): void {
  if (aborted) throw new UnavailableError("The server has stopped: runs go on, and can be asked for, when it is back.");
}

/** The host that a server is mounted in may serve on, and the database is closed: its errors are nobody's business. */
function refuseOnceStopped(engine: Engine, stopped: AbortSignal): Engine {
  const refusing =
    (call: (...args: readonly unknown[]) => unknown) =>
    async (...args: readonly unknown[]): Promise<unknown> => {
      checkStopped(stopped);
      return call(...args);
    };
  const parts = Object.entries(engine).map(([name, part]) => [
    name,
    typeof part === "function" ? refusing(part) : part,
  ]);
  return Object.fromEntries(parts) as Engine;
}

/** Calls in this process, which end when the server has stopped: nobody here hears of the run any more. */
function createEndingTransport(calls: Transport, stopped: AbortSignal): Transport {
  const orStopped = <Value>(result: Promise<Value>): Promise<Value> =>
    result.catch((error: unknown) => {
      // It knows only that there was no result.
      checkStopped(stopped);
      throw error;
    });
  return {
    ...calls,
    invokeAndWait: (request) => orStopped(calls.invokeAndWait(request)),
    result: (request) => orStopped(calls.result(request)),
  };
}

/** Passes events on, and tells whether the last one was the end of the run. */
async function* untilEnd(events: AsyncIterable<RunEvent>): AsyncGenerator<RunEvent, boolean> {
  let hasEnded = false;
  for await (const event of events) {
    hasEnded = event.type === "status" && isTerminal(event.status);
    yield event;
  }
  return hasEnded;
}

function refuse(): Promise<never> {
  return Promise.reject(
    new UnavailableError("The server is stopping and takes no new runs: try again when it is back."),
  );
}
