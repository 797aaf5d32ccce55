import { createJobCalls } from "@beckon/core/runtime";
import type { InvokeRequest, IO, RunScope, Transport } from "@beckon/core/runtime";
import { type Ambience, placeOf, withAmbience } from "./ambient.ts";
import { invokeChildren } from "./child-steps.ts";
import type { Place } from "./frame.ts";
import { createKeyValueStores } from "./key-value.ts";
import { createLogger } from "./logger.ts";
import { runParallel } from "./parallel-steps.ts";
import { awaitRuns, type ResultsRequest } from "./result-steps.ts";
import { runTask } from "./run-task.ts";
import { createStatus } from "./status-steps.ts";
import { rememberNow, rememberRandom, rememberUuid } from "./value-steps.ts";
import { sendSignal, wait, waitForRequest, waitForSignal } from "./wait-steps.ts";

/** Runs user code at a place, handing it an `io` of that place; job handles called inside find it too. */
export function enterPlace<Value>(place: Place, run: (io: IO) => Value): Value {
  return withAmbience(new PlaceScope(place), run, createIo(place));
}

/**
 * Made for every run and every task, so all that is made is these functions. They are its own rather than methods:
 * `const { runTask } = io` works, and so does `{ ...io }`.
 */
function createIo(own: Place): IO {
  const place = (): Place => placeOf(own);
  return {
    // What the task's function returned is what comes back: the one cast where the dynamic meets the typed.
    // oxlint-disable-next-line max-params -- the contract gives runTask four
    runTask: (key, run, options, onError) => runTask(place(), { key, run, options, onError }) as Promise<never>,
    wait: (key, until) => wait(place(), key, until),
    // The signal's payload is what the schema says, or unknown: as with the result of a task.
    waitForSignal: (key, name, options) => waitForSignal(place(), key, { ...options, name }) as Promise<never>,
    sendSignal: (key, name, options) => sendSignal(place(), key, { ...options, name }),
    waitForRequest: (key, send, options) => waitForRequest(place(), { key, send, timeout: options?.timeout }),
    createStatus: (key, status) => createStatus(place, key, status),
    random: (key, options) => rememberRandom(place(), key, options),
    now: (key) => rememberNow(place(), key),
    uuid: (key) => rememberUuid(place(), key),
    logger: createLogger(place),
    store: createKeyValueStores(place),
    parallel: (key, items, run) => runParallel(place(), key, { items, run }),
    try: tryCatch,
    invoke: (job, payload, options) => {
      // The handle it gives belongs to this run, too, wherever it is asked for its result.
      const callPlace = { scope: () => new PlaceScope(place()), transport: () => own.frame.parts.transport };
      const calls: typeof job = { ...createJobCalls(job.id, callPlace), id: job.id };
      // A rest argument that may be left out cannot be spread from a generic: with both given it is the same call.
      return calls.invoke(...([payload, options] as Parameters<typeof job.invoke>));
    },
  };
}

const tryCatch: IO["try"] = async (run, onCatch) => {
  try {
    return await run();
  } catch (error) {
    return onCatch(error);
  }
};

/** A place, as the handles of jobs see it. */
class PlaceScope implements Ambience {
  readonly place: Place;

  constructor(place: Place) {
    this.place = place;
  }

  get transport(): Transport {
    return this.place.frame.parts.transport;
  }

  invoke(request: InvokeRequest): ReturnType<RunScope["invoke"]> {
    return invokeChildren(this.place, request);
  }

  results(request: ResultsRequest): ReturnType<RunScope["results"]> {
    return awaitRuns(this.place, request);
  }
}
